#!/usr/bin/env python3
"""make_later.py > later.tsv: a third table of the same form, written when both others had been used for mending: whole passages as they stand on
pages (classified advertisements, minutes, notices of courts and registries, forums, e-mail threads, bank slips, programmes, catalogues), often
with something beside the personal data that must stay. The figures of its first run are in docs/measurements.md.

The numbers are drawn by the functions at the head of make_pii.py, from another seed."""
import os
exec(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'make_pii.py')).read().split('# ---- e-mail')[0])
R.seed(1910)
pick = R.choice
sp = lambda d, *n: ' '.join(group(d, *n))
four = lambda d: ' '.join(d[k:k + 4] for k in range(0, len(d), 4))
def many(n, kind, frames, make):
    for i in range(n): yes(kind, frames[i % len(frames)].format('«' + make(i) + '»'))
def none(n, frames, *make):
    for i in range(n): no(frames[i % len(frames)].format(*(m() for m in make)))
# ---- e-mail: 45
local = ['carlota', 'paulo.mendes', 'mjcosta', 'ze-povinho', 'loja', 'presidente', 'alumni.feup', 'h_2o', 'c.a.t.', 'provedor', 'nuno1975', 'Redaccao']
host = ['meo.pt', 'netvisao.pt', 'terra.com.br', 'portugalmail.com', 'fe.up.pt', 'mail.ru', 'jf-alvalade.pt', 'dgarq.gov.pt', 'ip.pt', 'hotmail.co.uk', 'aeiou.pt', 'ig.com.br']
def mail(i):
    m = pick(local).strip('.') + '@' + pick(host)
    return m.upper() if i % 11 == 7 else m
many(41, 'email', ['As propostas devem dar entrada até 30 de setembro de 2009 em {}, indicando o lugar a que se candidatam.', 'Em 3/4/2006, às 10:12, {} escreveu:', 'To: {}, cc: secretariado', 'Vende-se bicicleta, 75 €. {}',
    '[quote]o meu mail é o {}[/quote]', 'contactos -> {}', 'Curriculum vitae: Paulo Mendes, n. 1969, {}, casado', 'Reclamações: presencialmente ou para {} (resposta em 15 dias).', 'email={}', 'Envie o cupão para a Rua do Sol, 4, ou {}', 'Copyright 2001 {}',
    'Livro de visitas - nome: Carlota; mail: {}; mensagem: parabéns pelo site', 'msn {} p/ trocar fotos', 'O autor ({}) agradece comentários a esta 2.ª edição.', 'Assunto: obras\nDe: {}', 'Para: "Zé" <{}>', 'Skype ou {}?', '* {} *', 'Apoio ao munícipe • {} • dias úteis', "'{}'"], mail)
for m in (' arroba ', ' [at] ', '(at)', ' AT '): yes('email', 'anti-spam: «carlota%smeo.pt»' % m) if m != ' AT ' else yes('email', 'webmaster: «paulo.mendes AT netvisao.pt»')
# ---- IP: 28
pub = lambda i: '%d.%d.%d.%d' % (pick((62, 79, 81, 83, 86, 89, 94, 95, 178, 189, 195, 201, 217)), R.randint(20, 250), R.randint(0, 250), R.randint(2, 250))
many(20, 'ip', ['Esta discussão foi aberta por um utilizador anónimo ({}) em 2007', 'Votou há 3 minutos, IP: {}', 'ping {} — 4 pacotes enviados, 4 recebidos', 'Received: from mail ({}) by smtp; Mon, 3 Mar 2003', 'o servidor do jogo está em {}:27015, password "ola"', 'ban no {} já!', 'Último acesso a partir de {} às 18.45.', 'ftp://{}/pub/', 'nameserver {}', '$ ssh root@{}'], pub)
many(8, 'ip', ['Contribuição de {} (discussão) às 21h', 'DNS secundário: {}', 'o IPv6 {} responde', 'de {}, porta 443'], lambda i: pick(('2001:818:%x:0::2', '2a02:2f0f:%x::9', '2804:d4b:7a00:%x:6c1:f0e:1:22', '2001:690:%x:bebe::80')) % R.randint(17, 60000))
# ---- phones: 90
mob = lambda: '9' + pick('1236') + D(7)
def fixed(): f = pick(('21', '22', '232', '233', '238', '245', '249', '254', '259', '263', '266', '272', '275', '279', '282', '284', '292', '295')); return f + pick('234567') + D(8 - len(f))
many(28, 'phone', ['Perdeu-se cadela arraçada, dá pelo nome de Pipoca. Gratifica-se. {}', 'Explicações de Matemática do 7.º ao 12.º ano, 10 €/h. Tm {}', 'T3 em Loulé, 120 m2, 145.000 euros, contactar {} depois das 19h', 'o meu nº é {} liga-me', 'Treinador: Paulo Mendes (tlm {})', 'Marcações pelo {} ou na receção',
    'Em caso de dúvida: {}.', 'tlf. {} - só à noite', 'Táxis de Loulé . {}', 'Organização: Grupo Coral, telem.: {}; entrada 5 €', 'Call me: {}', 'WhatsApp: {}', 'ou pelo telemóvel {} (rede móvel nacional)', 'Sócio n.º 412, contacto {}'],
    lambda i: (lambda d: [sp(d, 3, 3, 3), d, sp(d, 2, 3, 2, 2), '-'.join(group(d, 3, 3, 3)), sp(d, 2, 7), '.'.join(group(d, 3, 3, 3)), sp(d, 3, 2, 2, 2)][i % 7])(mob()))
many(28, 'phone', ['Câmara Municipal\nPraça da República\nTelefone: {}\nAberto das 9h às 17h30', 'Museu aberto de 3.ª a domingo. Informações: {}', 'Casa de turismo rural, 6 quartos, {}', 'Fax: {}', 'Tels. {}', 'Bombeiros {}', 'PSP - {}', 'Centro de Saúde: {} (24 horas)', '(telefone {})', 'Biblioteca, Apartado 12, 8100 Loulé, Tel {}',
    'Cartório Notarial, r/c, {}', 'Inscrições na sede ou pelo telefone {}, até 15/06/2008.', 'Tel/Fax: {}', 'Contacto telefónico: {}'],
    lambda i: (lambda d: [sp(d, 3, 3, 3), d, sp(d, 2, 3, 2, 2), sp(d, 3, 6), sp(d, 2, 3, 4), '.'.join(group(d, 3, 3, 3)), sp(d, 3, 2, 2, 2)][i % 7])(fixed()))
many(14, 'phone', ['From abroad: {}', 'Para o estrangeiro ligue {} e peça a extensão 12', 'Telefone {} | Rua da Sé', 'tel:{}', 'Reservas/Bookings {}', 'Emigrante? {}', 'Mobile {}'], lambda i: (lambda d: ['+351 ' + sp(d, 3, 3, 3), '+351' + d, '(351) ' + sp(d, 3, 3, 3), '00 351 ' + sp(d, 3, 3, 3), '+351-' + d, '(+351) ' + d, '+351 ' + sp(d, 2, 3, 2, 2)][i % 7])(pick((mob, fixed))()))
many(12, 'phone', ['Pousada em Paraty, diárias a R$ 180,00. {}', 'Fone {}', 'Ligue já: {}!', 'Tel.: {} (comercial)', 'Zap {}', 'Assessoria de imprensa: {}'], lambda i: (lambda a: ['(%s) 2%s-%s' % (a, D(3), D(4)), '(%s) 9 8%s-%s' % (a, D(3), D(4)), '+55 %s 9%s-%s' % (a, D(4), D(4)), '(%s)9%s%s' % (a, D(4), D(4)), '0xx%s 3%s-%s' % (a, D(3), D(4)), '(0%s) 3%s-%s' % (a, D(3), D(4))][i % 6])(pick(('11', '21', '24', '31', '48', '61', '71', '85'))))
for x in ('+34 91 531 22 10', '+33 (0)1 45 67 89 10', '0044 20 7946 0958', '+41 22 734 11 90', '+239 222 14 56', '+238 261 55 00', '+1 514 555 0199', '+853 2871 4321'): yes('phone', pick(['Delegação no estrangeiro: «%s»', 'Consulado, tel. «%s», das 9h às 13h', 'Embaixada: «%s»']) % x)
# ---- documents and accounts: 137
many(34, 'nif', ['ANÚNCIO. Insolvência de Carlota Reis, estado civil: divorciada, NIF {}, endereço: Rua do Sol, 4', 'Sede: Loulé; capital social: 5.000,00 euros; NIPC: {}', 'Matriculada na Conservatória sob o número único {}', 'Número de identificação fiscal: {}', 'contribuinte nº {}', 'Entidade: Junta de Freguesia, contribuinte fiscal {}, representada pelo presidente',
    'NIF do titular {}', 'N.º de contribuinte: {}\nData: 12/03/2011', 'Pessoa coletiva n.º {}', 'pessoa colectiva de utilidade pública n.º {}', 'consignação de 0,5% do IRS: NIF {}', 'Fatura em nome de Paulo Mendes, NIF: {}, 23,50 €', 'NPC {}', 'Cont. nº {}', 'Nº de Identificação de Pessoa Colectiva (NIPC) {}', 'VAT PT{}', 'identificação fiscal n.º {}'],
    lambda i: (lambda d: [d, sp(d, 3, 3, 3), d, '.'.join(group(d, 3, 3, 3))][i % 4])(nif()))
many(12, 'niss', ['Beneficiária n.º {}', 'Requerente: Carlota Reis, NISS {}, nascida em 1960', 'Número de Identificação da Segurança Social {}', 'n.º de Segurança Social {}', 'N.I.S.S.: {}', 'trabalhador com o NISS n.º {}'], lambda i: (lambda d: [d, sp(d, 3, 3, 3, 2), sp(d, 1, 3, 3, 3, 1)][i % 3])(niss()))
def cc(i): a, b, c = citizen(); return [a + ' ' + b + ' ' + c, a + b + c, a + ' ' + b + c, a + '-' + b + c][i % 4]
many(16, 'citizen', ['Primeiro outorgante: Paulo Mendes, titular do cartão de cidadão n.º {}, válido até 12/08/2019', 'CC nº {}', 'exibiu o Cartão de Cidadão número {}', 'Cartão de Cidadão: {}', 'portadora do C.C. {}, emitido pela República Portuguesa', 'doc. id. {}', 'N.º do CC: {}'], cc)
many(10, 'citizen', ['titular do bilhete de identidade n.º {}, de 4/5/1998, de Lisboa', 'Bilhete de identidade: {}', 'BI n.º {}', 'portador do B.I. {}', 'Nº BI {} Arquivo de Faro'], lambda i: (lambda d: [d, sp(d, 2, 3, 3), d[1:], sp(d[1:], 1, 3, 3)][i % 4])(pick('1') + D(7)))
many(9, 'passport', ['Passaporte n.º {}, emitido em Luanda', 'com o passaporte {}', 'N.º de passaporte: {}', 'Passport number {}'], lambda i: pick('ABCGHJLMNPR') + D(6))
many(3, 'passport', ['P<PRT linha 2: {}'], lambda i: mrz())
many(24, 'iban', ['Quem quiser ajudar o canil pode transferir para o IBAN {} (Montepio).', 'A jóia de 20 € paga-se por transferência: {}', 'IBAN: {}\nBIC: CGDIPTPL', 'Banco: BES, IBAN {}', 'conta n.º {}', 'DADOS BANCÁRIOS {} Titular: Associação', 'enviar comprovativo da transferência ({}) por e-mail'],
    lambda i: (lambda d: [four(d), d, four(d), ' '.join(group(d, 4, 4, 4, 11, 2)), '.'.join(group(d, 4, 4, 4, 11, 2)), '-'.join(d[k:k + 4] for k in range(0, len(d), 4))][i % 6])('PT50' + nib()))
many(6, 'iban', ['Conta na Suíça: {}', 'IBAN {} SWIFT'], lambda i: [four(iban('CH', D(17))), iban('GB', 'MIDL' + D(14)), four(iban('NL', 'ABNA' + D(10))), iban('FR', D(23)), four(iban('DE', D(18))), iban('ES', D(20))][i])
many(5, 'iban', ['NIB: {}', 'o nib da conta é {}', 'N.I.B. {} (CGD)', 'NIB - {}', 'donativos, NIB {}'], lambda i: (lambda d: [d, sp(d, 4, 4, 11, 2), '.'.join(group(d, 4, 4, 11, 2)), four(d), d][i])(nib()))
many(12, 'card', ['pague com Mastercard {} até 31/12', 'Cartão de crédito: {}, validade 04/12', 'Nº cartão {}', 'VISA {}', 'dados do cartão: {} cvv 123', 'card number: {}'], lambda i: (lambda d: [four(d), d, '-'.join(group(d, 4, 4, 4, 4))][i % 3])(luhn(pick(('4', '51', '53', '55')), 16)))
many(12, 'cpf', ['Edital: Paulo Mendes, brasileiro, CPF {}, RG 12.345', 'CPF nº {}', 'CPF: {}', 'inscrita no CPF sob o n.º {}', 'Candidata aprovada: Carlota Reis ({})'], lambda i: (lambda d: d if i % 5 == 2 else '%s.%s.%s-%s' % tuple(group(d, 3, 3, 3, 2)))(cpf()))
many(8, 'cnpj', ['Razão social: Padaria Sol Ltda. CNPJ: {}', 'CNPJ nº {}', 'contrato com a empresa {}', 'inscrita no CNPJ sob o n. {}'], lambda i: (lambda d: '%s.%s.%s/%s-%s' % tuple(group(d, 2, 3, 3, 4, 2)))(cnpj()))
# ---- what only looks like it: 312
y = lambda: str(R.randint(1890, 2024)); day = lambda: '%02d' % R.randint(1, 28); mon = lambda: '%02d' % R.randint(1, 12); big = lambda: '%d' % R.randint(101, 999); n4 = lambda: str(R.randint(1000, 9999)); small = lambda: str(R.randint(1, 30))
none(24, ['Nasceu em Loulé a {}-{}-{} e morreu na Guarda.', 'Ata da reunião de {}/{}/{}, às 21h30', 'Validade: {}.{}.{}', 'Lisboa, {} / {} / {}', 'calendário: jogo em {}/{}/{} 16:00', 'Enviado: {}-{}-{} 09:41:22'], day, mon, y)
none(12, ['{}{}15_relatorio_final.doc', 'IMG_{}{}04_093012.JPG', '{}-{}-12 23:59:59', 'data-fim: {}-{}-30T00:00+01:00'], y, mon)
none(18, ['Temporada {}-{}', 'Plano plurianual {}/{}', 'I Grande Guerra e os anos {} - {}', 'mandatos de {} e {}, respetivamente', 'biénio {}–{}', 'Fundo documental, {} a {}, 14 caixas'], y, y)
none(24, ['nos termos do artigo 12.º da Lei {}/{}', 'Decreto Regulamentar n.º {}/{}, de 28 de junho', 'Diretiva {}/{}/CE do Conselho', 'Aviso n.º {}/{} (2.ª série)', 'Processo n.º {}/{}.0BEPRT', 'Diário da República n.º 12{}, de {}', 'Resolução {} ({})', 'alvará {}/{}'], n4, y)
none(30, ['Preço base: {}.{}.500,00 €', 'O prémio foi de {} {} contos', 'Vendas: {}.{} mil euros', '{} {} 312 pessoas segundo os Censos', 'R$ {}.{},90 à vista', 'a dívida ascende a {}.{}.100$00', 'população: {}.{}', '{},{} milhões de toneladas', 'orçado em {} {} 000 euros', 'Área: {}.{} hectares'], big, big)
none(16, ['ISBN-13: 978-989-{}-{}-3', 'ISBN 972-{}-{}-8, 2.ª ed.', '(isbn: 97897{}{}02)', 'ISBN 85-{}-{}-0'], lambda: D(2), lambda: D(4))
none(12, ['ISSN: {}-{}', 'Dep. legal: {}{}/95', 'cota 869.{}.{} PES', 'doi:10.{}/j.{}.02'], n4, n4)
none(24, ['Benfica {} - {} Olhanense', 'resultado ao intervalo: {}-{}; final: 3-2', '6-{}, {}-6, 7-6 (7-4)', 'J {} V {} E 3 D 2 GM 31 GS 12', 'placar de {} a {}', 'Classificação: 1.º Farense {} pts {} jogos'], lambda: str(R.randint(0, 9)), lambda: str(R.randint(0, 9)))
none(18, ['Rua do Sol, 4, 8{}-{} Loulé', 'Apartado 12, 3{}-{} Figueira da Foz', 'Av. Paulista, 1000, CEP 01{}-{}', 'CP 1{} - {} Lisboa', 'PT-4{}-{} Porto', '75.{}-{} Recife PE'], lambda: D(3), lambda: D(3))
none(22, ['Ref.ª {}{} - anel de prata', 'Anúncio n.º {}{}', 'Entidade: 2{} Referência: {} 417', 'nº de série {}{}', 'SKU {}{}', 'processo disciplinar {}{}', 'código de barras 560{}{}', 'EAN 560{}{}9', 'peça n.º {}.{}', 'cartão de sócio n.º {}{}', 'inscrição n.º {}-{}'], n4, lambda: D(5))
none(14, ['v{}.{}.0.4 (estável)', 'MySQL 5.{}.{}', 'capítulo {}.{}.1.2', 'Windows 5.{}.2600.{}', 'build {}.{}.3', 'Mozilla/4.0 (compatible; MSIE {}.{})', 'norma NP EN {}.{}.7'], small, small)
none(14, ['o router fica em 192.168.{}.{}', 'redes 10.{}.{}.0/24', '172.16.{}.{} é privado', 'máscara: 255.255.{}.{}', 'multicast 239.1.{}.{}', '169.254.{}.{} (sem DHCP)', 'Exemplo: 192.0.2.{}, e {} saltos'], lambda: str(R.randint(0, 254)), lambda: str(R.randint(1, 254)))
none(12, ['Linha de apoio 808 {} {}', 'Número verde: 800 {} {}', 'Chamada de valor acrescentado 760 {} {} (0,60 € + IVA)', 'SOS 112, Saúde 24: 808 24 24 24, ramal {} ou {}', '0800 {} {} (ligação gratuita)', 'Ligue 707 {} {}'], lambda: D(3), lambda: D(3))
none(14, ['37.{}, -8.{}', 'N 40° 12.{} W 008° 25.{}', 'GPS: 38°{}\'12" N; 9°{}\'3" O', 'UTM 29S 5{}, 41{}', 'latitude 41.{} / longitude -8.{}'], lambda: D(3), lambda: D(3))
none(14, ['@{}{} boa!', '#loule{}{}', 'twitter.com/{}_{}', 'bilhetes @ {} euros, {} lugares', '{}@ e {}@ edição', 'css: @media (min-width: {}{}px)', 'a loja @{}.{}'], small, small)
none(14, ['aberto das {}:{} às 22:00', 'partida {}h{}, chegada 23h10', 'tempo do vencedor: 2:{}:{}', 'Mt {}:{}-14', 'fuso GMT {}:{}', 'ritmo {}\'{}"/km', 'vídeo de {}:{}:08'], lambda: '%02d' % R.randint(1, 22), lambda: '%02d' % R.randint(10, 59))
none(14, ['carro de matrícula {}-{}-VB', 'EN {} ao km {}', 'voo FR {}{}', 'comboio IC {} e {}', 'linha {}-{}', 'camioneta 22-{}-{}'], lambda: D(2), lambda: D(2))
none(16, ['pp. {}-{} e 341', 'vol. {}, n.º {}, p. 7-12', 'fls. {} e {} do livro 3', '{} x {} pixels', '{} W / {} V', '{} kcal e {} mg de sódio por 100 g', 'de {} para {} alunos', 'resistência de {} ohm a {} Hz'], big, big)
none(10, ['index.php?id={}&page={}', '/noticias/{}/{}', 'viewtopic.php?t={}{}', 'sessão a3f{}b{}', 'a cor #{}{}'], lambda: D(3), lambda: D(3))
for i in range(10):
    d = pick((nif, lambda: mob()))(); no(pick(['lote n.º {}', 'o código é o {}', 'versão {}', 'ref. {}', 'artigo {}', 'processo n.º {}']).format(d[:-1] + str((int(d[-1]) + 4) % 10)))
for kind, text in rows: print(kind + '\t' + text.replace('\n', ' | ').replace('VAT PT«', 'VAT «PT')) # the letters belong to the number
