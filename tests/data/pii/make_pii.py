#!/usr/bin/env python3
"""make_pii.py > pii.tsv: sentences with personal data and sentences that only look like it, one a line: kind (or "none"), text with the
piece between « and » marks taken out again by the reader. Numbers are drawn with a fixed seed, their check digits computed here."""
import random
R = random.Random(2004)
D = lambda n: ''.join(R.choice('0123456789') for _ in range(n))
rows = []
def yes(kind, text): rows.append((kind, text))
def no(text): rows.append(('none', text))

def nif(first=None):
    d = (first or R.choice('1235')) + D(7)
    c = 11 - sum((9 - i) * int(x) for i, x in enumerate(d)) % 11
    return d + str(0 if c > 9 else c)
def niss():
    d = R.choice('12') + D(9)
    return d + str(9 - sum(p * int(x) for p, x in zip((29, 23, 19, 17, 13, 11, 7, 5, 3, 2), d)) % 10)
def cpf():
    d = D(9)
    for n in (10, 11): d += str(sum((n - i) * int(x) for i, x in enumerate(d)) * 10 % 11 % 10)
    return d
def cnpj():
    d = D(8) + '0001'
    for w in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        s = sum(a * int(b) for a, b in zip(w, d)) % 11
        d += str(0 if s < 2 else 11 - s)
    return d
def luhn(prefix, n):
    d = prefix + D(n - 1 - len(prefix))
    s = sum((lambda v: v - 9 if v > 9 else v)(int(x) * (2 - i % 2)) for i, x in enumerate(reversed(d)))
    return d + str(-s % 10)
def iban(country, bban):
    v = ''.join(str(int(c, 36)) for c in bban + country + '00')
    return country + '%02d' % (98 - int(v) % 97) + bban
def nib():
    d = '0035' + D(15)
    return d + '%02d' % (98 - int(d) * 100 % 97)
def citizen():
    while True:
        d = D(8)
        for c in '0123456789':
            for v in ('ZZ', 'ZY', 'ZX', 'X1'):
                for k in '0123456789':
                    t = d + c + v + k
                    s = 0
                    for i, x in enumerate(t):
                        n = int(x, 36)
                        if i % 2 == 0: n = n * 2 - (9 if n * 2 > 9 else 0)
                        s += n
                    if s % 10 == 0 and R.random() < .2: return d, c, v + k
def mrz():
    w = lambda s: str(sum((7, 3, 1)[i % 3] * (0 if c == '<' else int(c, 36)) for i, c in enumerate(s)) % 10)
    n, birth, until = R.choice('ABCM') + D(6) + '<<', '8' + D(1) + '0312', '3' + D(1) + '0911'
    n = n[:9]
    return n + w(n) + 'PRT' + birth + w(birth) + R.choice('MF') + until + w(until) + '<' * 14 + '0' + '4'
group = lambda d, *n: [d[sum(n[:i]):sum(n[:i + 1])] for i in range(len(n))]

# ---- e-mail: 48
people = ['ana', 'joao.silva', 'm_costa', 'rui-pinto', 'geral', 'info', 'jmp.santos', 'a.b.c', 'teresa2001', 'secretaria.geral', 'x', 'Antonio.Ferreira']
hosts = ['exemplo.pt', 'mail.telepac.pt', 'dep.fc.ul.pt', 'hotmail.com', 'sapo.pt', 'clix.pt', 'gmail.com', 'cm-lagos.pt', 'uol.com.br', 'a-b.info', 'x25.net', 'museu.museum']
frames = ['Escreva para {}.', 'O contacto é {} e respondemos em dois dias.', '({})', 'E-mail: {}', 'mailto:{}', '<{}>', 'Dúvidas? {}!', '"{}"', 'envie o currículo a {}, até sexta-feira', 'e-mail:{};']
for i in range(40): yes('email', frames[i % len(frames)].format('«%s@%s»' % (people[i % 12], hosts[(i * 5 + i // 12) % 12])))
for m in ('(at)', ' (at) ', '[at]', ' [arroba] ', '(arroba)', ' (arroba) '): yes('email', 'Mensagens para «%s%sexemplo.pt», por favor.' % (R.choice(people), m))
yes('email', 'Contactos: «ana.dias@exemplo.pt» / «rui.dias@exemplo.pt»'); yes('email', 'o endereço antigo era «pedro@esoterica.pt»')
# ---- IP: 34
for i in range(22):
    a = R.choice((62, 81, 85, 193, 194, 195, 213, 217, 188, 89)); ip = '%d.%d.%d.%d' % (a, R.randint(33, 250), R.randint(1, 250), R.randint(1, 250))
    yes('ip', ['Mensagem enviada de «{}» às 12:30', 'O IP «{}» foi bloqueado.', 'utilizador anónimo («{}»)', 'de [«{}»] em 2004', 'Endereço: «{}»', 'http://«{}»/pagina.html', 'o anónimo «{}» escreveu:', 'ping «{}», resposta em 20 ms'][i % 8].format(ip))
yes('ip', 'O servidor de DNS é «8.8.8.8».'); yes('ip', 'Use o IP «1.1.1.1» como DNS'); yes('ip', 'IP: «12.10.2.3»')
for x in ('2001:690:2100:1::25', '2a02:26f0:1700::5f', '2001:818:df3a:5500:a1b2:c3d4:e5f6:1789', '2001:8a0:f2b1::1', '2804:14c:5b9f::10', '2a00:1450:4003:80f::200e'):
    yes('ip', 'A ligação veio de «%s» ontem à noite.' % x); 
yes('ip', '[«2001:690:2100:1::25»]'); yes('ip', 'endereço «2a02:26f0:1700::5f», porta 80'); yes('ip', '(«2001:818:df3a:5500:a1b2:c3d4:e5f6:1789»)')
# ---- phones: 96
mob = lambda: '9' + R.choice('1236') + D(7)
fix = lambda: R.choice(('21', '22', '239', '253', '289', '262', '244', '291')).ljust(2)
def fixed(): f = fix(); return f + R.choice('123456789') + D(8 - len(f))
for i in range(24):
    d = mob(); f = [' '.join(group(d, 3, 3, 3)), d, '-'.join(group(d, 3, 3, 3)), ' '.join(group(d, 2, 3, 2, 2)), ' '.join(group(d, 2, 3, 4)), ' '.join(group(d, 2, 7)), ' '.join(group(d, 3, 2, 2, 2)), '.'.join(group(d, 2, 3, 2, 2))][i % 8]
    yes('phone', ['Ligue para o «{}».', 'Tlm: «{}»', 'Telemóvel «{}» (só à noite)', 'o meu número é «{}», telefona', '«{}» - João', 'Contacto: «{}»', 'Vendo bicicleta, «{}»', 'tm. «{}»', 'whatsapp «{}»'][i % 9].format(f))
for i in range(24):
    d = fixed(); f = [' '.join(group(d, 3, 3, 3)), '-'.join(group(d, 3, 3, 3)), ' '.join(group(d, 2, 3, 2, 2)), ' '.join(group(d, 2, 3, 4)), ' '.join(group(d, 2, 7)), ' '.join(group(d, 3, 2, 2, 2)), d][i % 7]
    yes('phone', ['Tel. «{}»', 'Telefone: «{}»', 'Rua da Igreja, 4, Braga, telef. «{}»', 'Marcações pelo telefone «{}».', 'Fax: «{}»', 'Tel.: «{}», fax idem'][i % 6].format(f))
for i in range(8): d = fixed(); yes('phone', ['Reservas: «{}».', 'Informações: «{}»', 'Rua Direita, 12, «{}»', 'Central «{}»'][i % 4].format([' '.join(group(d, 2, 3, 2, 2)), ' '.join(group(d, 3, 3, 3))][i % 2]))
for i in range(12):
    d = mob() if i % 2 else fixed(); f = ['+351 ' + ' '.join(group(d, 3, 3, 3)), '+351' + d, '00351 ' + ' '.join(group(d, 3, 3, 3)), '(+351) ' + ' '.join(group(d, 2, 3, 2, 2)), '+351-' + '-'.join(group(d, 2, 7)), '351 ' + ' '.join(group(d, 3, 3, 3))][i % 6]
    yes('phone', ['Tel: «{}»', 'Do estrangeiro: «{}».', 'Contacte «{}»'][i % 3].format(f))
for i in range(12):
    a = R.choice(('11', '21', '51', '85', '61')); n = '9' + D(4); m = D(4)
    yes('phone', ['Fone: «{}»', 'São Paulo, «{}»', 'Ligue «{}» agora', 'Celular «{}»'][i % 4].format(['(%s) %s-%s' % (a, n, m), '(%s) 3%s-%s' % (a, D(3), m), '%s %s-%s' % (a, n, m), '+55 %s %s-%s' % (a, n, m), '(0%s) 3%s-%s' % (a, D(3), m), '(%s)%s-%s' % (a, n, m)][i % 6]))
for x in ('+44 20 7946 0958', '+34 91 563 24 18', '+33 1 42 68 53 00', '+49 30 901820', '+1 212 555 0147', '+258 21 491 562', '+244 222 394 518', '+41 22 917 12 34', '+44 (0)20 7946 0958'): yes('phone', 'No estrangeiro: «%s»' % x)
for x in ('(01) 795 12 34', '(02) 200 41 56', '(053) 27 14 62', '01-7951234', '(034) 38 20 11', '795 12 34', '02 200 4156'): yes('phone', 'Tel: «%s»' % x)
# ---- NIF 26, NISS 12, citizen 22, passport 14, IBAN 22, card 22, CPF 16, CNPJ 12
for i in range(20):
    d = nif(); yes('nif', ['NIF: «{}»', 'contribuinte n.º «{}», residente em Évora', 'Contribuinte nº «{}»', 'com o NIF «{}»', 'n.º de identificação fiscal «{}»', 'NIF n.º «{}»;', 'Número de contribuinte: «{}»'][i % 7].format([d, ' '.join(group(d, 3, 3, 3)), '.'.join(group(d, 3, 3, 3))][i % 3 if i % 4 else 0]))
for i in range(6): yes('nif', ['pessoa coletiva n.º «{}»', 'NIPC «{}»', 'VAT «PT{}»', 'fatura em nome de «PT{}»', 'matriculada sob o n.º «{}»', 'NIF PT «{}»'][i].format(nif('5')))
for i in range(12): d = niss(); yes('niss', ['NISS «{}»', 'NISS: «{}»', 'n.º de Segurança Social «{}»', 'beneficiário n.º «{}»', 'Número de Identificação da Segurança Social: «{}»'][i % 5].format(d if i % 3 else ' '.join(group(d, 3, 3, 3, 2))))
for i in range(14):
    a, b, c = citizen(); yes('citizen', ['Cartão de Cidadão n.º «{}»', 'CC «{}», válido até 2030', 'titular do cartão de cidadão «{}»', 'portador do documento «{}»', 'doc. «{}»'][i % 5].format([a + ' ' + b + ' ' + c, a + b + c, a + ' ' + b + c, a + '-' + b + c][i % 4]))
for x in ('BI n.º «{}», de Lisboa', 'bilhete de identidade n.º «{}»', 'B.I. «{}»', 'portador do BI «{}»', 'BI: «{}»', 'Bilhete de Identidade «{}»', 'CC n.º «{}»', 'cartão de cidadão n.º «{}»'): yes('citizen', x.format('1' + D(7)))
for x in ('Passaporte n.º «{}»', 'passaporte «{}»', 'Passaporte: «{}», emitido em Lisboa', 'titular do passaporte português n.º «{}»', 'passport no. «{}»', 'com o passaporte «{}»'): yes('passport', x.format(R.choice('LMNR') + D(6)))
for x in ('Passaporte n.º «{}»', 'passaporte «{}»', 'o passaporte n.º «{}» foi roubado'): yes('passport', x.format('C' + R.choice('ABC') + D(6)))
for i in range(5): yes('passport', 'Segunda linha: «%s»' % mrz())
for i in range(12):
    d = iban('PT', nib()); yes('iban', ['IBAN: «{}»', 'Transferência para «{}»', 'o IBAN «{}».', 'NIB/IBAN «{}», titular José'][i % 4].format([d, ' '.join(d[k:k + 4] for k in range(0, 25, 4)), d[:4] + ' ' + ' '.join(group(d[4:], 4, 4, 11, 2))][i % 3]))
yes('iban', 'conta «%s»' % iban('ES', D(20))); yes('iban', 'IBAN «%s»' % iban('DE', D(18))); yes('iban', 'IBAN «%s»' % iban('FR', D(23))); yes('iban', 'a conta «%s» em Londres' % iban('GB', 'NWBK' + D(14)))
for i in range(6): d = nib(); yes('iban', ['NIB: «{}»', 'NIB «{}»', 'conta n.º «{}»'][i % 3].format([d, ' '.join(group(d, 4, 4, 11, 2)), ' '.join(group(d, 4, 4, 4, 4, 3, 2)), '.'.join(group(d, 4, 4, 11, 2))][i % 4]))
for i in range(18):
    d = luhn(*R.choice((('4', 16), ('51', 16), ('55', 16), ('2230', 16)))); yes('card', ['Cartão: «{}»', 'paguei com o cartão «{}» ontem', 'Visa «{}»', 'n.º «{}», válido até 09/27', 'MasterCard «{}»', 'card number «{}»'][i % 6].format([' '.join(group(d, 4, 4, 4, 4)), d, '-'.join(group(d, 4, 4, 4, 4))][i % 3]))
for i in range(4): d = luhn('37', 15); yes('card', ['American Express, cartão «{}»', 'cartão de crédito «{}»'][i % 2].format(d if i < 2 else ' '.join(group(d, 4, 6, 5))))
for i in range(12): d = cpf(); yes('cpf', ['CPF: «{}»', 'CPF nº «{}»', 'inscrito no CPF sob o nº «{}»', 'portador do documento «{}»'][i % 4].format('%s.%s.%s-%s' % tuple(group(d, 3, 3, 3, 2))))
for i in range(4): yes('cpf', ['CPF «{}»', 'CPF: «{}»'][i % 2].format(cpf()))
for i in range(10): d = cnpj(); yes('cnpj', ['CNPJ: «{}»', 'empresa inscrita no CNPJ «{}»', 'Lda. («{}»)', 'CNPJ/MF nº «{}»'][i % 4].format('%s.%s.%s/%s-%s' % tuple(group(d, 2, 3, 3, 4, 2))))
for i in range(2): yes('cnpj', 'CNPJ «%s»' % cnpj())

# ---- what must stay
for y in range(12): no('Nasceu a %d-%02d-19%d e morreu em 20%02d.' % (R.randint(1, 28), R.randint(1, 12), R.randint(10, 99), R.randint(0, 20)))
for y in range(10): no('Em %02d/%02d/%d, às %d:%02d:%02d, a sessão abriu.' % (R.randint(1, 28), R.randint(1, 12), R.randint(1996, 2020), R.randint(0, 23), R.randint(0, 59), R.randint(0, 59)))
for y in range(8): no('registo de %d-%02d-%02dT10:15:00Z' % (R.randint(1996, 2020), R.randint(1, 12), R.randint(1, 28)))
for y in range(10): no(['Lei n.º %d/%d, de 12 de março', 'Decreto-Lei n.º %d-A/%d', 'Portaria n.º %d/%d, de 3 de maio', 'Despacho n.º %d/%d (2.ª série)', 'processo n.º %d/%d.6TBLSB'][y % 5] % (R.randint(1, 999), R.randint(1985, 2015)))
for y in range(6): no('artigo %d.º, n.ºs 1, 2 e %d do Código Civil, DR n.º %d' % (R.randint(1, 999), R.randint(3, 9), R.randint(1, 300)))
for y in range(10): no(['ISBN 972-%s-%s-%s', 'ISBN 978-972-%s-%s-%s', 'ISBN: 978 972 %s %s %s', 'ISBN 978972%s%s%s'][y % 4] % (D(2), D(4), D(1)))
for y in range(8): no(['ISSN %s-%s', 'EAN 560%s%s', 'código de barras 560%s%s', 'DOI 10.%s/%s'][y % 4] % (D(4), D(6) if y % 4 else D(4)))
for y in range(14): no(['custou %d.%s.%s euros', 'um prémio de %d %s %s €', 'orçamento: € %d.%s.%s', 'R$ %d.%s.%s,00', '%d.%s.%s$00', 'vale %d %s %s contos', 'USD %d,%s,%s'][y % 7] % (R.randint(211, 299), D(3), D(3)))
for y in range(8): no(['a população era de %d %s %s habitantes', 'cerca de 9%d %s %s pessoas', 'percorreu %d %s %s km', 'com %d.%s.%s votos'][y % 4] % (R.randint(12, 29) if y % 4 == 1 else R.randint(211, 299), D(3), D(3)))
for y in range(8): no(['O Benfica venceu por %d-%d.', 'sets: 6-%d, 6-%d', 'empate a %d-%d em Braga', 'resultado final %d x %d'][y % 4] % (R.randint(0, 5), R.randint(0, 5)))
for y in range(12): no(['versão 4.%d.%d.%d', 'Firmware 10.%d.%d.%d disponível', 'ver. 2.%d.%d.%d do programa', 'secção 3.%d.%d.%d do relatório', 'capítulo 1.%d.%d.%d', '2.%d.%d.%d Objetivos'][y % 6] % (R.randint(0, 20), R.randint(0, 20), R.randint(1, 20)))
for x in ('192.168.1.1', '10.0.0.138', '127.0.0.1', '172.16.254.1', '169.254.10.2', '0.0.0.0', '255.255.255.0', '224.0.0.1', '100.64.1.1', '192.0.2.45', '198.51.100.7', '203.0.113.99', '256.100.300.1', '193.136.2'): no('configure o endereço %s na rede' % x)
for x in ('fe80::1', '::1', 'fd00:abcd::12', '2001:db8::1', 'ff02::1', 'std::string', '12:30:45', '1:0 ao intervalo, 3:1 no fim', 'a relação 16:9', 'às 21:45:10 e 22:15:08', 'Jo 3:16', '00:1A:2B:3C:4D:5E'): no('veja %s por exemplo' % x)
for x in ('@joana respondeu', 'logo@2x.png', '@media print', 'ao preço de 3 @ 2,50', '@Override', 'user@localhost', 'dois@três', '@', 'a@b', 'img@3x.jpg', 'o sinal @ chama-se arroba', 'trabalho @ casa', 'sigam @benfica.', 'foo@bar@'): no('%s, disse ele' % x)
for y in range(10): no(['linha 800 %s %s grátis', 'ligue 808 %s %s', '707 %s %s', '760 %s %s (0,60 €)', 'telefone 0800 %s %s4'][y % 5] % (D(3), D(3)))
for y in range(8): no('código postal %d-%s Lisboa' % (R.randint(1000, 4999), D(3)))
for y in range(8): no('coordenadas 38.%s, -9.%s' % (D(4), D(4)))
bad = lambda d: d[:-1] + str((int(d[-1]) + R.randint(1, 8)) % 10)
for y in range(14): no(['NIF: {}', 'contribuinte n.º {}', 'com o NIF {}'][y % 3].format(bad(nif())))
for y in range(8): no('NISS %s' % bad(niss()))
for y in range(8): no('o cartão %s foi recusado' % bad(luhn('4', 16)))
for y in range(6): no('encomenda n.º %s' % luhn('4', 16))
for y in range(8): d = cpf(); no('CPF %s.%s.%s-%s' % tuple(group(bad(d), 3, 3, 3, 2)))
for y in range(6): d = cnpj(); no('CNPJ %s.%s.%s/%s-%s' % tuple(group(bad(d), 2, 3, 3, 4, 2)))
for y in range(8): d = iban('PT', nib()); no('IBAN %s' % bad(d))
for y in range(4): no('NIB %s' % bad(nib()))
for y in range(6): a, b, c = citizen(); no('documento %s %s %s' % (a, b, bad(c)))
for y in range(12): no(['ref. %s', 'referência: 9%s', 'Ref.ª 91%s', 'pedido n.º 96%s', 'modelo 93%s', 'artigo 21%s', 'código 92%s', 'id=%s', 'fatura n.º 21%s', 'série 26%s', 'registo n.º 23%s', 'licença n.º 91%s'][y] % D(7))
for y in range(8): no('n.º de inscritos: %s' % D(R.randint(3, 6)))
for y in range(8): no(['entre 1996-2004', 'épocas 1998/1999 e 2000/2001', 'de 1990 a 2004', '1.ª série, 2003-2004', 'anos 2001 2002 2003', '(11) 2004-2005', 'biénio 1995-96', '[12] 1999-2003'][y] + ', na biblioteca')
for x in ('20 000 000', '25.000.000', '1 000 000 000', '2.500.000.000', '12 345', '100 000 000', '999.999', '3,1415926535', '6,02214076e23', '299 792 458 m/s', '1,234,567', '0,000123'): no('o valor é %s no total' % x)
for x in ('#912345678', 'cor #253253253', 'a[912345678]', 'n=912345678', 'X912345678', '912345678X', '1.912345678', '912345678,55', '$212345678', '912345678%'): no('na folha: %s' % x)
for x in ('+ 1', '+351', '+100', '2+2', '+ 20 %', '+12.345.678', 'C++ 2011', '+1 ponto', 'mais +15 000 000 de pessoas', '-12 +34'): no('soma %s' % x)
for x in ('motor de 1600 cc e 16 válvulas', 'bilhete de 10 viagens', 'o conta-quilómetros marcava 123456', 'passaporte para a final', 'conta 2500 habitantes', 'o social 2004', 'telefone de 1910', 'fax de 1998', 'BI de estudos', 'a liga 2003/2004', 'Liga 2002-2003, 34 jornadas', 'o fiscal multou 12345 carros', 'tel aviv 2010', 'contactos imediatos do 3.º grau', 'beneficiários: 1 200 000 pessoas'): no(x)
for x in ('Resolução n.º 23.455/2015', 'sob o número 21.411/2010', 'índices 2.718 1.865 2.094 3.263', 'erro 30125-1011', 'ligue 0300 159 5550', 'lote 25/123/4567'): no(x)
if __name__ == '__main__':
    for kind, text in rows: print(kind + '\t' + text)
