"""Pages in the styles of the Portuguese web of 1996 to 2015, with their main text: more to train on where few real pages are annotated.

The markup is drawn at random from what such pages look like (frames, layout tables, font and br, forums, blogs, town halls, newspapers,
shops, recipes); the text is that of the documents given. pages(texts, n, seed) gives rows {id, ds, url, enc, html, truth}."""
import html as h
import random
import re

MENU = """Início|Notícias|Desporto|Economia|Cultura|Opinião|Política|Sociedade|Contactos|Quem somos|Mapa do sítio|Ligações|Livro de visitas|Fotos|Galeria|Agenda|
Eventos|Turismo|História|Freguesias|Executivo|Assembleia Municipal|Serviços|Urbanismo|Concursos públicos|Editais|Publicidade|Classificados|Meteorologia|Farmácias|Fórum|Chat|
Downloads|Arquivo|Pesquisa|Registo|Ajuda|FAQ|English|Página inicial|Home|Produtos|Loja|Carrinho|Parceiros|Imprensa|Recrutamento|Legislação|Associados""".replace("\n", "").split("|")
BOILER = """Copyright © 2003. Todos os direitos reservados.|© Câmara Municipal - Todos os direitos reservados|Página optimizada para 800x600 e Internet Explorer 5|Última actualização: 12 de Março de 2002|
Webmaster: geral@exemplo.pt|Esta página foi visitada 12.345 vezes desde Janeiro de 1999|Desenvolvido por Exemplo Multimédia, Lda.|Proibida a reprodução total ou parcial|Optimizado para Netscape 4.0|
Ficha técnica e Estatuto editorial|Política de privacidade - Termos e condições|Powered by WordPress. Tema Kubrick.|Powered by phpBB © 2001, 2005 phpBB Group|Entre em contacto connosco: Tel. 21 000 00 00 - Fax 21 000 00 01""".replace("\n", "").split("|")
LINES = """PUBLICIDADE|CONTINUA DEPOIS DA PUBLICIDADE|Assine já|Assine a newsletter|Veja também|Leia também|Versão de impressão|Imprimir|Enviar a um amigo|Enviar por e-mail|Partilhar no Facebook|Partilhar|
Comentários (0)|Tags:|Comente esta notícia|Voltar ao topo|Voltar|Seguinte|Anterior|Mais notícias|Siga-nos no Twitter|Subscrever RSS|Adicionar aos favoritos|Denunciar abuso|Votar nesta notícia|
Saiba mais|Ver todas|Clique na imagem para ampliar|Faça o seu donativo|Ajude-nos a manter este sítio|Registe-se para comentar|Receba as notícias no seu e-mail|Artigos relacionados""".replace("\n", "").split("|")
CONSENT = """Este site utiliza cookies para melhorar a sua experiência de navegação. Ao continuar a navegar está a aceitar a sua utilização.|Utilizamos cookies próprios e de terceiros para fins estatísticos
 e de publicidade. Pode alterar as suas preferências a qualquer momento.|Para cumprir o RGPD, pedimos o seu consentimento para guardar cookies no seu equipamento.""".replace("\n", "").split("|")
NICKS = "lobo77 maria_p ZeDaTasca ninja_pt Sofia84 kromo antonio.m xico_fininho Bela Mantorras morcego ana_abel".split()
HELLO = "Boas,|Olá a todos!|Boa tarde,|Obrigado pela ajuda.|Cumprimentos|Abraço|Alguém me sabe dizer?|Concordo contigo.|Boa!|Já resolvi, obrigado.|Também acho.|Bem-vindo ao fórum!".split("|")
FOODS = "farinha|açúcar|manteiga|ovos|azeite|cebola picada|alho|sal q.b.|pimenta|leite|bacalhau demolhado|batatas|coentros|vinho branco|louro|natas|canela em pó|fermento".split("|")
UNITS = "200 g de|1 kg de|2 colheres de sopa de|1 chávena de|3 dentes de|1/2 l de|4|uma pitada de|250 ml de|1 ramo de".split("|")


class Maker:
    def __init__(self, texts, seed):
        self.draw = random.Random(seed)
        self.texts = texts
        self.left = []
        self.said = []

    def sentence(self):
        while not self.left:
            self.left = [s for s in re.split(r"(?<=[.!?…])\s+", " ".join(self.draw.choice(self.texts).split())) if 2 < len(s.split()) < 60][:25][::-1]
        return self.left.pop()

    def paragraph(self, few=2, many=5):
        return " ".join(self.sentence() for _ in range(self.draw.randint(few, many)))

    def short(self, words=8):
        w = self.sentence().rstrip(".!?…").split()
        return " ".join(w[:self.draw.randint(2, words)])

    def main(self, text):
        """Text that is the page's own, as markup."""
        self.said.append(text)
        return h.escape(text, quote=False)

    def other(self, text):
        return h.escape(text, quote=False)

    def pick(self, *of):
        return self.draw.choice(of)

    def some(self, few, many, piece):
        return "".join(piece() for _ in range(self.draw.randint(few, many)))

    # ---- pieces ----
    def links(self, few=5, many=14, sep=None):
        sep = sep or self.pick(" | ", "<br>", " - ", "</li><li>", "&nbsp;&nbsp;", "</td></tr><tr><td>")
        items = [f'<a href="/{i}.htm">{self.other(t)}</a>' for i, t in enumerate(self.draw.sample(MENU, self.draw.randint(few, many)))]
        body = sep.join(items)
        return f"<ul><li>{body}</li></ul>" if "li" in sep else f"<table><tr><td>{body}</td></tr></table>" if "td" in sep else body

    def teasers(self, few=3, many=8):
        head = self.pick("Últimas", "Mais lidas", "Relacionados", "Notícias", "Destaques", "Arquivo")
        kind = self.pick("li", "p", "div", "full")
        out = f"<{self.pick('h3', 'h4', 'b', 'strong')}>{head}</b>"
        for i in range(self.draw.randint(few, many)):
            t = f'<a href="/n{i}.html">{self.other(self.short(12))}</a>'
            out += f"<li>{t}</li>" if kind == "li" else f"<p>{t}</p>" if kind == "p" else f"<div>{t}<br>{self.other(self.sentence())}</div>" if kind == "full" else f"<div>{t}</div>"
        return out

    def foot(self):
        return "".join(self.pick(f"<p>{self.other(x)}</p>", f"<font size=1>{self.other(x)}</font><br>", f"<div>{self.other(x)}</div>") for x in self.draw.sample(BOILER, self.draw.randint(1, 3)))

    def noise(self):
        t = self.other(self.draw.choice(LINES))
        return self.pick(f"<div class=tools>{t}</div>", f"<p>{t}</p>", f'<a href="#">{t}</a><br>', f'<span class="x">{t}</span><br>', f"<p><b>{t}</b></p>", f'<div><a href="/x">{t}</a></div>')

    def maybe(self, p, piece):
        return piece() if self.draw.random() < p else ""

    def consent(self):
        t = self.other(self.draw.choice(CONSENT))
        return self.pick(f'<div class="{self.pick("cookies", "aviso", "barra-cookies", "notice")}"><p>{t}</p><button>Aceitar</button></div>', f"<div id=banner>{t} <a href=/c>OK</a></div>")

    def body(self, few=3, many=9):
        """Paragraphs, as the years wrote them."""
        kind, out = self.pick("p", "p", "p-open", "br", "font", "div", "td"), ""
        n = self.draw.randint(few, many)
        for i in range(n):
            t = self.paragraph(1, 5)
            if i and self.draw.random() < 0.12:
                sub = self.main(self.short(6))
                out += self.pick(f"<h3>{sub}</h3>", f"<p><b>{sub}</b></p>", f"<b>{sub}</b><br><br>")
            if self.draw.random() < 0.08:
                items = [self.main(self.short(9)) for _ in range(self.draw.randint(2, 6))]
                out += self.pick("<ul><li>" + "<li>".join(items) + "</ul>", "<br>- " .join([""] + items) + "<br><br>")
            if self.draw.random() < 0.07:
                out += self.noise()
            t = self.main(t)
            out += {"p": f"<p>{t}</p>", "p-open": f"<P>{t}\n", "br": f"{t}<br><br>\n", "font": f'<p align=justify><font face="Arial" size=2>{t}</font></p>', "div": f"<div>{t}</div>", "td": f"<tr><td>{t}</td></tr>"}[kind]
        return f"<table>{out}</table>" if kind == "td" else out

    def heading(self):
        t = self.title = self.short(10) if self.draw.random() < 0.7 else self.sentence().rstrip(".")
        m = self.main(t)
        return self.pick(f"<h1>{m}</h1>", f"<h2>{m}</h2>", f"<h1 class=titulo>{m}</h1>", f'<font size="+2"><b>{m}</b></font><br><br>', f"<p class=tit><b>{m}</b></p>", f"<center><h2>{m}</h2></center>")

    def byline(self):
        t = self.pick("Por Redacção", "Publicado a 12 de Março de 2004", "Segunda-feira, 3 de Maio de 2010, 10h32", "Texto: A. Silva | Fotos: B. Costa", "Lusa", "13-05-2001 - 14:20")
        return self.pick(f"<div class=autor>{t}</div>", f"<p><i>{t}</i></p>", f"<small>{t}</small><br>")

    # ---- pages ----
    def table_page(self):
        side, w = f"<td width={self.pick(120, 150, 180)} bgcolor=#eeeeee valign=top>{self.links()}{self.maybe(.4, self.teasers)}</td>", ""
        w = f"<td valign=top>{self.maybe(.7, self.heading)}{self.maybe(.4, self.byline)}{self.body()}{self.maybe(.4, self.noise)}</td>"
        right = self.maybe(.4, lambda: f"<td width=140>{self.teasers()}</td>")
        return f"<table border=0 width={self.pick(760, '100%')}><tr><td colspan=3>{self.links()}</td></tr><tr>{side}{w}{right}</tr><tr><td colspan=3 align=center>{self.foot()}</td></tr></table>"

    def flat_page(self):
        return f"{self.maybe(.7, self.links)}<hr>{self.maybe(.8, self.heading)}{self.body()}<hr>{self.maybe(.6, self.links)}{self.foot()}"

    def noframes_page(self):
        inside = f"{self.maybe(.5, self.heading)}{self.body(1, 5)}{self.links(2, 5)}"
        note = self.maybe(.4, lambda: "<p>O seu browser não suporta frames.</p>")
        return f'<frameset cols="20%,80%"><frame src="menu.htm"><frame src="main.htm"><noframes><body>{note}{inside}</body></noframes></frameset>'

    def news_page(self):
        c = self.pick("conteudo", "noticia", "texto", "article", "corpo", "main-content", "c2", "x12")
        art = f'{self.heading()}{self.byline()}{self.maybe(.5, self.noise)}{self.body()}{self.some(0, 3, self.noise)}'
        comments = self.maybe(.4, lambda: "<h3>Comentários</h3>" + self.some(1, 5, lambda: f"<div class={self.pick('comentario', 'c', 'comment')}><b>{self.pick(*NICKS)}</b><p>{self.other(self.paragraph(1, 2))}</p></div>"))
        tags = self.maybe(.4, lambda: "<div class=tags>Tags: " + ", ".join(f'<a href="/t">{self.other(self.short(2))}</a>' for _ in range(4)) + "</div>")
        return f"{self.maybe(.5, self.consent)}<div id=topo>{self.links()}</div><div id={c}>{art}{tags}{self.maybe(.5, self.teasers)}{comments}</div><div id={self.pick('lateral', 'sidebar', 'dir')}>{self.teasers()}{self.maybe(.5, self.teasers)}</div><div id=rodape>{self.foot()}</div>"

    def forum_page(self):
        kind, out = self.pick("phpbb2", "phpbb3", "vb", "divs"), ""
        for i in range(self.draw.randint(2, 12)):
            nick, date = self.pick(*NICKS), f"{self.draw.randint(1, 28)} Mar 200{self.draw.randint(1, 9)}, 21:{self.draw.randint(10, 59)}"
            text = self.pick("<br>", "<br><br>").join(self.main(t) for t in ([self.pick(*HELLO)] if self.draw.random() < .4 else []) + [self.paragraph(1, 4) for _ in range(self.draw.randint(1, 3))] + ([self.pick(*HELLO)] if self.draw.random() < .3 else []))
            sig = self.maybe(.5, lambda: self.other(self.short(7)))
            info = f"Mensagens: {self.draw.randint(2, 4000)}<br>Registado: {date[:8]}<br>Localização: Porto"
            out += {"phpbb2": f'<tr><td class="row1" width=150><span class="name"><b>{nick}</b></span><br><span class="postdetails">{info}</span></td><td class="row1"><span class="postdetails">Colocada: {date} &nbsp; Assunto: Re</span><hr><span class="postbody">{text}</span><span class="gensmall">_________________<br>{sig}</span></td></tr><tr><td class=row1><a href="#top">Voltar acima</a></td><td><a href=p>Perfil</a> <a href=m>MP</a></td></tr>',
                    "phpbb3": f'<div class="post bg{i % 2}"><div class="postbody"><h3><a href="#p{i}">Re: tópico</a></h3><p class="author">por <strong><a href="/u">{nick}</a></strong> » {date}</p><div class="content">{text}</div><div class="signature">{sig}</div></div><dl class="postprofile"><dt><a>{nick}</a></dt><dd>{info}</dd></dl><div class="back2top"><a href="#wrap">Topo</a></div></div>',
                    "vb": f'<table class="tborder"><tr><td class="thead">{date}</td><td class="thead" align=right>#{i + 1}</td></tr><tr><td class="alt2" colspan=2><a class="bigusername">{nick}</a><div class="smallfont">Membro</div><div class="smallfont">{info}</div></td></tr><tr><td class="alt1" colspan=2><div id="post_message_{i}">{text}</div><div>__________________<br>{sig}</div></td></tr><tr><td class="alt1"><a href="#">Responder com citação</a></td></tr></table>',
                    "divs": f'<div class="{self.pick("msg", "mensagem", "topico", "reply")}"><div class="u"><b>{nick}</b> {date} <a href=#>Citar</a> <a href=#>Denunciar</a></div><div class="t">{text}</div><div class="s">{sig}</div></div>'}[kind]
        out = f"<table class=forumline>{out}</table>" if kind == "phpbb2" else out
        head = f"<h2>{self.main(self.short(8))}</h2>" if out and False else ""
        return f'<div>{self.links(4, 8)}</div><div class=nav><a href="/">Índice do fórum</a> -> <a href="/f">Geral</a></div>{head}{out}<p>Página 1 de 3 <a href="?2">2</a> <a href="?3">3</a></p><p>Não pode responder a tópicos neste fórum</p>{self.foot()}'

    def blog_page(self):
        posts = self.some(1, 4, lambda: f'<div class="{self.pick("post", "entry", "post hentry")}">{self.maybe(.5, lambda: "<h2 class=date-header>Sábado, Março 12, 2005</h2>")}<h3 class="post-title">{self.main(self.short(7))}</h3><div class="post-body">{self.body(1, 4)}</div><p class="post-footer">posted by {self.pick(*NICKS)} @ 10:{self.draw.randint(10, 59)} <a href=c>{self.draw.randint(0, 9)} comentários</a></p></div>')
        side = f"<h2 class=sidebar-title>Arquivos</h2><ul>" + self.some(4, 10, lambda: f'<li><a href="/a">{self.pick("Janeiro", "Março", "Junho")} 200{self.draw.randint(3, 9)}</a></li>') + f"</ul><h2>Ligações</h2>{self.links()}<h2>Sobre mim</h2><p>{self.other(self.short(9))}</p>"
        return f'<div id="header"><h1><a href="/">{self.other(self.short(4))}</a></h1><p>{self.other(self.short(8))}</p></div><div id="main">{posts}</div><div id="sidebar">{side}</div><div id=footer>{self.foot()}</div>'

    def recipe_page(self):
        tag = self.pick("li", "label", "td", "br", "span")
        items = [self.main(f"{self.pick(*UNITS)} {self.pick(*FOODS)}") for _ in range(self.draw.randint(4, 12))]
        lists = {"li": "<ul>" + "".join(f"<li>{i}</li>" for i in items) + "</ul>", "label": "".join(f"<div><input type=checkbox><label>{i}</label></div>" for i in items), "td": "<table>" + "".join(f"<tr><td>{i}</td></tr>" for i in items) + "</table>",
                 "br": "<br>".join(items) + "<br><br>", "span": "<ul>" + "".join(f'<li class=ing><span itemprop="recipeIngredient">{i}</span></li>' for i in items) + "</ul>"}[tag]
        steps = [self.main(self.paragraph(1, 3)) for _ in range(self.draw.randint(2, 6))]
        steps = self.pick("<ol>" + "".join(f"<li>{s}</li>" for s in steps) + "</ol>", "".join(f"<p>{s}</p>" for s in steps), "".join(f"<div class=passo><span>{i + 1}</span><p>{s}</p></div>" for i, s in enumerate(steps)))
        # The order of what is said is that of the page: the list was said after the heading and before the steps.
        said, self.said = self.said, []
        head = self.heading()
        t1, t2 = self.main("Ingredientes"), self.main(self.pick("Preparação", "Modo de preparo", "Preparação:", "Como fazer"))
        n = len(said) - 0
        k = len(items)
        self.said = [self.said[0], t1, *said[:k], t2, *said[k:n]]
        info = self.maybe(.6, lambda: "<ul class=info><li>Tempo: 45 min</li><li>Doses: 4</li><li>Dificuldade: Fácil</li></ul>")
        return f"{self.links()}<div class={self.pick('receita', 'content', 'recipe')}>{head}{info}{self.maybe(.5, self.noise)}<h3>{t1}</h3>{lists}{self.maybe(.4, self.noise)}<h3>{t2}</h3>{steps}</div>{self.some(0, 3, self.noise)}{self.teasers()}{self.foot()}"

    def faq_page(self):
        kind, out = self.pick("button", "dl", "summary", "h4", "b"), ""
        out = self.heading()
        for _ in range(self.draw.randint(3, 8)):
            q, a = self.main(self.short(9) + "?"), self.main(self.paragraph(1, 3))
            out += {"button": f'<button class="accordion">{q}</button><div class="panel"><p>{a}</p></div>', "dl": f"<dt>{q}</dt><dd>{a}</dd>", "summary": f"<details><summary>{q}</summary><p>{a}</p></details>", "h4": f"<h4>{q}</h4><p>{a}</p>", "b": f"<p><b>{q}</b><br>{a}</p>"}[kind]
        return f"<div class=menu>{self.links()}</div><div class=faqs>{out}</div>{self.maybe(.5, self.noise)}{self.foot()}"

    def poem_page(self):
        lines = ["\n".join(self.short(7) for _ in range(4)) for _ in range(self.draw.randint(2, 6))]
        head = self.heading()
        text = [self.main(v) for v in lines]
        body = self.pick("<pre>" + "\n\n".join(text) + "</pre>", "".join("<p>" + t.replace("\n", "<br>") + "</p>" for t in text), "<center>" + "<br><br>".join(t.replace("\n", "<br>") for t in text) + "</center>")
        return f"{self.links(2, 6)}{head}{body}{self.maybe(.5, self.noise)}{self.foot()}"

    def data_page(self):
        head = self.heading()
        intro = f"<p>{self.main(self.paragraph(1, 2))}</p>"
        rows = "".join("<tr>" + "".join(f"<td>{self.main(c)}</td>" for c in (self.short(3), str(self.draw.randint(2, 900)), f"{self.draw.randint(1, 99)},{self.draw.randint(0, 9)}%")) + "</tr>" for _ in range(self.draw.randint(3, 15)))
        return f"<table width=760><tr><td width=140>{self.links()}</td><td>{head}{intro}<table border=1>{rows}</table>{self.maybe(.5, lambda: '<p>' + self.main(self.sentence()) + '</p>')}</td></tr></table>{self.foot()}"

    def shop_page(self):
        head = self.heading()
        text = f"<div class={self.pick('descricao', 'product-description', 'desc')}>{self.body(1, 4)}</div>"
        specs = self.maybe(.5, lambda: "<table class=specs>" + self.some(3, 7, lambda: f"<tr><th>{self.main(self.short(2))}</th><td>{self.main(self.short(3))}</td></tr>") + "</table>")
        others = "<h3>Quem viu este produto também viu</h3>" + self.some(3, 6, lambda: f"<div class=item><a href=p>{self.other(self.short(5))}</a><span>{self.draw.randint(2, 99)},90 €</span><button>Comprar</button></div>")
        return f"{self.links()}{head}<span class=preco>{self.draw.randint(2, 999)},90 €</span><button>Adicionar ao carrinho</button>{text}{specs}{others}{self.foot()}"

    def brief_page(self):
        """A heading and little text, in one piece or a few, between links."""
        box = self.pick("div id=texto", "div id=conteudo", "div class=corpo", "div", "td", "center", "blockquote", "article", "section", "div class=c3", "font face=Verdana size=2", "")
        name = box.split(" ")[0]
        text = self.pick("{}", "<p>{}</p>", "{}<br><br>", "<div>{}</div>", "<p align=justify><font size=2>{}</font></p>", "&nbsp;&nbsp;{}<br>")
        body = "".join(text.format(self.main(self.paragraph(1, 4))) for _ in range(self.draw.randint(1, 4)))
        head = self.maybe(.85, self.heading) + self.maybe(.3, self.byline)
        body = (f"<table>{head}<tr><td>{body}</td></tr></table>" if name == "td" else f"{head}<{box}>{body}</{name}>" if self.draw.random() < .6 else f"<{box}>{head}{body}</{name}>") if box else head + body
        menu = self.pick("<div id=menu>{}</div>", "<div class=topo>{}</div>", "{}<hr>", "<p align=center>{}</p>", "<nav>{}</nav>", "{}").format(self.links(3, 10))
        after = self.pick("", self.teasers(2, 6), "<ul>" + self.some(3, 7, lambda: f"<li><a href=/n>{self.other(self.short(9))}</a></li>") + "</ul>", self.links(2, 6), self.noise())
        return f"{self.maybe(.15, self.consent)}{self.maybe(.85, lambda: menu)}{body}{self.maybe(.3, self.noise)}{after}{self.maybe(.5, lambda: '<hr>')}{self.maybe(.9, self.foot)}"

    # ---- pages without main text ----
    def home_page(self):
        kind = self.pick("table", "divs")
        item = (lambda: f'<tr><td><a href=n><b>{self.other(self.short(9))}</b></a><br><font size=2>{self.other(self.sentence())}</font> <a href=n>[ler mais]</a></td></tr>') if kind == "table" else \
            (lambda: f'<div class={self.pick("destaque", "item", "noticia")}><h3><a href="n">{self.other(self.short(9))}</a></h3><p>{self.other(self.paragraph(1, 2))}</p>{self.maybe(.5, lambda: "<a href=n>Ler mais</a>")}</div>')
        items = self.some(5, 16, item)
        return f"{self.maybe(.3, self.consent)}{self.links()}{'<table>' + items + '</table>' if kind == 'table' else items}{self.teasers()}{self.maybe(.4, self.noise)}{self.foot()}"

    def list_page(self):
        items = self.some(6, 25, lambda: self.pick(f'<li><a href=d>{self.other(self.short(9))}</a> <i>12-03-2004</i></li>', f'<li>12/03/2004 - <a href=d>{self.other(self.short(9))}</a></li>'))
        return f"{self.links()}<h2>{self.pick('Arquivo de notícias', 'Resultados da pesquisa', 'Editais', 'Ligações úteis', 'Agenda')}</h2><ul>{items}</ul><p>Página 1 de 7 <a href=2>Seguinte</a></p>{self.foot()}"

    def form_page(self):
        fields = self.some(3, 8, lambda: f"<tr><td>{self.pick('Nome', 'E-mail', 'Morada', 'Telefone', 'Palavra-passe', 'Assunto', 'Mensagem')}:</td><td><input name=x></td></tr>")
        return f"{self.links()}<h2>{self.pick('Contacte-nos', 'Registo', 'Entrar', 'Livro de visitas')}</h2><form><table>{fields}</table><input type=submit></form>{self.maybe(.5, lambda: '<p>Os campos assinalados com * são obrigatórios.</p>')}{self.foot()}"

    def short_page(self):
        return self.pick("<p>Página em construção. Volte em breve!</p>", "<center><a href=main.htm><img src=logo.gif></a><br><a href=main.htm>Entrar</a></center>", "<h1>404 Not Found</h1><p>A página que procura não existe.</p>", "<p>Se não for redireccionado, <a href=x>clique aqui</a>.</p>")


STYLES = dict(brief=14, table=9, flat=8, noframes=4, news=12, forum=14, blog=8, recipe=8, faq=4, poem=3, data=3, shop=4, home=11, list=5, form=4, short=2)


def pages(texts, n, seed=1):
    """n pages; of those without main text the truth is empty."""
    styles = [s for s, k in STYLES.items() for _ in range(k)]
    for i in range(n):
        m = Maker(texts, seed * 100003 + i)
        style = m.draw.choice(styles)
        m.title = ""
        body = getattr(m, style + "_page")()
        title = m.title or m.short(6)
        page = f"<html><head><title>{h.escape(title)}{m.pick('', ' - Exemplo', ' | Jornal')}</title></head>{'' if 'frameset' in body else '<body>'}{body}</html>"
        if m.draw.random() < 0.3:
            page = re.sub(r"</?(table|tr|td|p|div|ul|li|b|font|center|h[1-4])\b", lambda x: x.group().upper(), page)
        path = "" if style == "home" and m.draw.random() < .8 else m.pick(f"noticias/{i}.html", f"ler.php?id={i}", f"{i}/", f"pagina{i}.htm")
        yield dict(id=f"old/{style}-{i:04}", ds="old", type=style, url=f"http://www.exemplo{i % 97}.pt/{path}", enc="utf-8", html=page, truth="\n".join(m.said) if style not in ("home", "list", "form", "short") else "")
