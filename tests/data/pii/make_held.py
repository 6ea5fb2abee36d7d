#!/usr/bin/env python3
"""make_held.py > held.tsv: a second table of the same form as make_pii.py's, in other contexts (signatures, cells of tables, forms, chats, notices) and
other ways of writing. The rules were not mended on it: what it shows is what they do on sentences that they have not met.

The numbers are drawn by the functions at the head of make_pii.py, from another seed."""
import os
exec(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'make_pii.py')).read().split('# ---- e-mail')[0])
R.seed(1974)
pick = R.choice
many = lambda n, kind, frames, make: [yes(kind, frames[i % len(frames)].format('«' + make(i) + '»')) for i in range(n)]
none = lambda n, frames, *make: [no(frames[i % len(frames)].format(*(m() for m in make))) for i in range(n)]
first = ['Inês', 'Duarte', 'Graça', 'Tomé', 'Beatriz', 'Nuno']
# ---- e-mail: 44
local = ['ines_duarte', 'nuno.gama+lista', 'direccao', 'bib-municipal', 'tome1962', 'g.m.reis', 'apoio.cliente', 'B.Santos', 'webmaster', 'editor_2']
host = ['netcabo.pt', 'iol.pt', 'ist.utl.pt', 'cm-faro.pt', 'bol.com.br', 'mail.pt', 'yahoo.com.br', 'fpf.pt', 'esec-tomar.rcts.pt', 'oninet.pt', 'ua.pt', 'co.ao']
many(36, 'email', ['Enviado por {} às 14h20', 'Autor: Inês ({})', '| Biblioteca | {} |', 'Para cancelar a subscrição escreva a {};', 'correio eletrónico {} ou carta', 'From: Nuno <{}>', 'MSN: {}', 'correio: {}.', '— {}', 'resposta para {}?', 'contacte-me: {}', 'inscrições até dia 5 ({}, com o nome)'], lambda i: local[i % 10] + '@' + host[(i * 7 + i // 10) % 12])
for m in ('(arroba)', ' (at) ', ' [at] ', '[arroba]', ' {at} ', '(at)', ' [AT] ', ' (AT) '): yes('email', 'Fale com «%s%s%s» (sem spam)' % (pick(local[2:5]), m, pick(host)))
# ---- IP: 30
pub = lambda: '%d.%d.%d.%d' % (pick((62, 80, 82, 84, 85, 87, 188, 193, 194, 212, 213)), R.randint(33, 254), R.randint(0, 254), R.randint(2, 253))
many(22, 'ip', ['Comentário de {} em 12 de maio', 'Registado: {}', 'origem={}', 'Host {} caiu', '{} - - [10/Oct/2003]', 'editou a página ({})', 'o endereço {} está na lista negra', 'traceroute para {}', 'proxy {}:8080', 'entrou com o ip {}', 'X-Originating-IP: [{}]'], lambda i: pub())
many(8, 'ip', ['Sessão iniciada de {}', 'ip {}', 'anónimo {} às 9:15', '(de {})'], lambda i: pick(('2001:690:21c0:f60::%x', '2a01:14:8050:%x::1', '2001:8a0:6a2f:%x:1c2d:3e4f:5a6b:7c8d', '2804:7f4:c2a0::%x')) % R.randint(16, 60000))
# ---- phones: 92
mob = lambda: '9' + pick('1236') + D(7)
def fixed(): f = pick(('21', '22', '231', '234', '243', '256', '258', '265', '271', '276', '281', '291', '296')); return f + pick('123456789') + D(8 - len(f))
sp = lambda d, *n: ' '.join(group(d, *n))
many(26, 'phone', ['Tlm.: {}', 'Telem. {} (Duarte)', 'Graça Reis | {} | Aveiro', 'mandem sms p/ {}', 'Aluga-se T2, contacto {}', 'Falar com Tomé, {}', 'Quem encontrar o gato ligue {} sff', 'TM {}', 'Inscrições: Nuno ({})', 'Urgências: {}', 'M: {}', 'vendo por 50 euros, {}', 'Contactos – {}'], lambda i: (lambda d: [sp(d, 3, 3, 3), d, sp(d, 2, 3, 2, 2), '.'.join(group(d, 3, 3, 3)), sp(d, 2, 7), '-'.join(group(d, 2, 3, 2, 2))][i % 6])(mob()))
many(26, 'phone', ['Telef.: {} Fax: idem', 'T. {}', 'Tel {} / geral', 'Rua Nova, 8 - 3000 Coimbra, tel. {}', 'Farmácia Central, {}', 'telefone n.º {}', 'Junta de Freguesia – Tel.: {}', 'Fax. {}', 'TELEFONE {}', 'Restaurante O Tomé. Reservas {}', 'Linha direta: {}', 'Telef / Fax {}', 'Secretaria (tel: {})'], lambda i: (lambda d: [sp(d, 3, 3, 3), sp(d, 2, 3, 2, 2) if d[:2] in ('21', '22') else sp(d, 3, 2, 2, 2), sp(d, 3, 6), '-'.join(group(d, 3, 3, 3)), sp(d, 2, 3, 4) if d[:2] in ('21', '22') else sp(d, 3, 3, 3)][i % 5])(fixed()))
many(20, 'phone', ['Tel. int.: {}', 'Phone: {}', 'WhatsApp {}', 'chamar {} de fora', 'Contacts: {}', 'Tel./Phone {}'], lambda i: (lambda d: ['+351 ' + sp(d, 3, 3, 3), '(+351) ' + sp(d, 3, 3, 3), '+351 ' + d, '00351 ' + d, '+351 ' + sp(d, 2, 3, 2, 2), '+351.' + '.'.join(group(d, 3, 3, 3))][i % 6])(mob() if i % 2 else fixed()))
many(12, 'phone', ['Tel: {}', 'Contato {}', 'Recife - {}', 'Disque {}', 'Fones: {}', 'plantão {}'], lambda i: (lambda a: ['(%s) 3%s-%s' % (a, D(3), D(4)), '(%s) 9%s-%s' % (a, D(4), D(4)), '+55 (%s) 3%s-%s' % (a, D(3), D(4)), '(%s) 9%s %s' % (a, D(4), D(4))][i % 4])(pick(('21', '31', '41', '48', '62', '71', '81', '92'))))
for x in ('+34 986 22 14 57', '+33 6 12 34 56 78', '+44 (0)161 496 0312', '+49 (0)89 123456', '+244 923 456 781', '+258 84 312 4567', '+1 (617) 555-0142', '+352 26 12 34 56'): yes('phone', pick(['Lá fora: «%s»', 'tel. «%s»', 'Emigrantes: «%s»']) % x)
# ---- documents and accounts: 134
many(34, 'nif', ['Contribuinte: {}', 'NIF/NIPC {}', 'N.I.F. {}', 'Nº Contribuinte {}', '| NIF | {} |', 'n.º fiscal {}', 'com o número de contribuinte {}', 'Nif {}', 'portador do NIF {},', 'empresa com o NIPC {}, com sede em Braga', 'NIF-{}', 'Contrib. n.º {}', 'cont. n.º: NIF {}'], lambda i: (lambda d: [d, sp(d, 3, 3, 3), d, '.'.join(group(d, 3, 3, 3))][i % 4])(nif(pick('125'))))
many(12, 'niss', ['NISS {}', 'Segurança Social n.º {}', 'n.º da Segurança Social: {}', 'beneficiário {}', 'NISS: {};', 'inscrito na Seg. Social com o NISS {}'], lambda i: (lambda d: [d, sp(d, 3, 3, 3, 2), sp(d, 5, 6)][i % 3])(niss()))
def cc(i): a, b, c = citizen(); return [a + ' ' + b + ' ' + c, a + b + c, a + '-' + b + '-' + c, a + ' ' + b + c][i % 4]
many(16, 'citizen', ['CC {}', 'C.C. n.º {}', 'Cartão do Cidadão {}', 'identificada pelo cartão de cidadão {}, válido', 'Doc. identificação: CC {}', 'titular do {}', 'n.º do documento {}'], cc)
many(8, 'citizen', ['B.I. n.º {}', 'BI {} de Lisboa', 'Bilhete de Identidade n.º {}', 'BI nº {}, emitido em 2001'], lambda i: (lambda d: [d, sp(d, 2, 3, 3), '.'.join(group(d, 2, 3, 3)), d[1:]][i % 4])(pick('1') + D(7)))
many(8, 'passport', ['Passaporte {}', 'passaporte nº {}, emitido em Faro', 'Passport no. {}', 'titular do passaporte português n.º {}'], lambda i: pick('ACHLMNPR') + D(6))
many(4, 'passport', ['linha: {}', '{}'], lambda i: mrz())
four = lambda d: ' '.join(d[k:k + 4] for k in range(0, len(d), 4))
many(22, 'iban', ['donativos: {}', 'Conta CGD {}', 'IBAN - {}', 'pagamento por transferência (IBAN {})', '| IBAN | {} |', 'depositar em {} e enviar o talão', 'N.º conta/IBAN: {}'], lambda i: (lambda d: [four(d), d, d[:4] + ' ' + d[4:8] + ' ' + d[8:12] + ' ' + d[12:23] + ' ' + d[23:], four(d)][i % 4])(iban('PT', nib())))
many(6, 'iban', ['conta no estrangeiro {}', 'BIC e IBAN: {}'], lambda i: [four(iban('ES', D(20))), iban('DE', D(18)), four(iban('FR', D(23))), iban('IT', 'X' + D(22)), four(iban('LU', D(16))), iban('BE', D(12))][i])
many(4, 'iban', ['NIB {}', 'n.i.b.: {}', 'NIB do BPI: {}', 'através do NIB {}'], lambda i: (lambda d: [d, sp(d, 4, 4, 11, 2), sp(d, 4, 4, 4, 4, 4, 1), d][i])(nib()))
many(14, 'card', ['n.º do cartão {}', 'Visa: {}', 'card {}', 'número {} (exp. 10/11)', 'cartão de débito {}', 'pagou com {}'], lambda i: (lambda d: [four(d), d, '-'.join(group(d, 4, 4, 4, 4))][i % 3])(luhn(pick(('4', '52', '54')), 16)))
many(12, 'cpf', ['C.P.F. {}', 'CPF/MF {}', 'CPF n. {}', 'brasileiro, CPF {}, residente', '| CPF | {} |'], lambda i: (lambda d: '%s.%s.%s-%s' % tuple(group(d, 3, 3, 3, 2)))(cpf()))
many(8, 'cnpj', ['CNPJ/MF {}', 'C.N.P.J.: {}', 'empresa inscrita no CNPJ {}', 'CGC {}'], lambda i: (lambda d: '%s.%s.%s/%s-%s' % tuple(group(d, 2, 3, 3, 4, 2)))(cnpj()))
# ---- what only looks like it: 320
y = lambda: str(R.randint(1930, 2023)); day = lambda: '%d' % R.randint(1, 28); mon = lambda: '%02d' % R.randint(1, 12); big = lambda: '%d' % R.randint(100, 999)
none(26, ['Publicado em {}/{}/{}', 'no dia {}.{}.{} houve greve', 'Última atualização: {}-{}-{} 10:32', '({}/{}/{}) Lisboa'], lambda: day().zfill(2), mon, y)
none(16, ['{}-{}-15T08:30:00Z', 'versão de {}{}01', 'ficheiro foto_{}{}17.jpg'], y, mon)
none(16, ['épocas {0}/{1} e seguintes', 'entre {0}-{1}', 'anos letivos de {0} a {1}', 'de {0}–{1}'], y, y)
none(24, ['Lei n.º {}/{}', 'Decreto-Lei {}/{}, de 3 de abril', 'Portaria n.º {}-A/{}', 'acórdão n.º {}/{} do tribunal', 'Despacho {}/{}', 'proc. {}/{}.4TBLSB'], lambda: str(R.randint(10, 9999)), y)
none(28, ['custou {}.{}.000 euros', 'R$ {}.{},00', '{} {} habitantes', '{}.{}.120 escudos', 'mais de {} {} 500 contos', 'orçamento de {} {} 000 €', 'vendeu {}.{} exemplares'], big, big)
none(18, ['ISBN 978-972-{}-{}-1', 'ISBN: 972-{}-{}-X', 'ISBN 989{}{}44'], lambda: D(2), lambda: D(4))
none(12, ['ISSN {}-{}', 'CDU 821.{}.{}', 'depósito legal n.º {}{}/01'], lambda: D(4), lambda: D(4))
none(24, ['marcou {}-{} ao intervalo', 'parciais de {}-{}, 6-4, 7-6', 'ganhou por {}-{} em 2004', '{}-{}-2 no campeonato'], lambda: str(R.randint(0, 7)), lambda: str(R.randint(0, 7)))
none(16, ['4{}-{} Porto', '1{}-{} Lisboa', 'código postal 3{}-{}', 'CEP 01{}-{}'], lambda: D(3), lambda: D(3))
none(20, ['Artigo ref. {}{}', 'Referência: {} {}', 'cód. produto {}{}', 'código {}-{}', 'encomenda n.º {}{}', 'fatura {}/{}'], lambda: D(4), lambda: D(5))
none(16, ['versão {}.{}.2.1', 'kernel 2.6.{}.{}', 'secção {}.{}.4', 'Firefox {}.{}.0.1'], lambda: str(R.randint(1, 9)), lambda: str(R.randint(1, 25)))
none(14, ['a rede 192.168.{}.{}', 'gateway 10.{}.{}.1', 'localhost 127.0.{}.{}', 'máscara 255.255.{}.{}'], lambda: str(R.randint(0, 255)), lambda: str(R.randint(0, 255)))
none(12, ['ligue 112 ou o 808 {} {}', 'linha 800 {} {}', 'apoio: 707 {} {}'], lambda: D(3), lambda: D(3))
none(16, ['coordenadas 38.{}, -9.{}', '41°{}\' N 8°{}\' W', 'lat 37.{} long -8.{}'], lambda: D(4), lambda: D(4))
none(14, ['@{}_{} respondeu', 'escreveu @{}{} no Twitter', 'logo@2x.{}{}', 'preço @ {}{} cada'], lambda: pick(first).lower(), lambda: D(2))
none(12, ['das {}:{} às 18:30', 'tempo: 1:{}:{}', 'Gn 3:{}-{}'], lambda: '%02d' % R.randint(0, 23), lambda: '%02d' % R.randint(10, 59))
none(16, ['matrícula {}-{}-QX', 'o voo TP{}{}', 'autocarro {} e {}', 'camisola n.º {}, golos {}'], lambda: D(2), lambda: D(2))
none(14, ['processador de {} MHz e {} MB', '{} kg por {} m2', 'pp. {}-{}', 'páginas {} a {}'], big, big)
none(12, ['id={}{}&tipo=2', '?sid={}{}', 'artigo.php?n={}{}', '#{}{}'], lambda: D(5), lambda: D(5))
none(8, ['0,{}{} de probabilidade', 'pi é 3,14159{}{}', 'taxa de 4,{}{} %'], lambda: D(3), lambda: D(4))
none(10, ['Inês (n. {}, Faro; m. {})', 'Duarte, {}, {}', 'edição de {}; reimpressão {}'], y, y)
for i in range(10):
    d = nif('2'); no(pick(['peça %s em armazém', 'lote %s', 'bilhete %s premiado', 'série %s']) % (d[:-1] + str((int(d[-1]) + 3) % 10)))
for kind, text in rows: print(kind + '\t' + text)
