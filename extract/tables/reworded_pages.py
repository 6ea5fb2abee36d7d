"""Real pages with other words: the markup of a page whose main text is known, its text exchanged for Portuguese text of the same length.

So the model sees hundreds of real layouts in Portuguese, and cannot tell main text by what it is about. What is prose stays prose (a
sentence ends where one ended), what is said twice is said twice again, a heading that was the page's title still is. Lines of the frame
that say what they are (share, comments, read more) are put into Portuguese; of other short ones half stay."""
import html
import random
import re

TEXT = re.compile(r"<!--.*?-->|<(script|style|textarea|noscript|svg|select|template|iframe)\b.*?</\1\s*>|<title\b.*?</title\s*>|<[^>]*>", re.S | re.I)
WORD = re.compile(r"\w+")
FRAME = {k: v for k, v in (p.split("=") for p in """home=início|menu=menu|share=partilhar|comments=comentários|comment=comentário|leave a comment=deixe um comentário|read more=ler mais|more=mais|reply=responder|
related articles=artigos relacionados|related posts=artigos relacionados|related=relacionados|search=pesquisar|subscribe=subscrever|newsletter=newsletter|contact=contactos|contact us=contacte-nos|about=sobre|about us=quem somos|
privacy policy=política de privacidade|terms of use=termos de utilização|terms and conditions=termos e condições|cookie policy=política de cookies|all rights reserved=todos os direitos reservados|login=entrar|log in=entrar|sign in=entrar|
sign up=registar|register=registar|print=imprimir|email=e-mail|next=seguinte|previous=anterior|back to top=voltar ao topo|advertisement=publicidade|sponsored=patrocinado|follow us=siga-nos|categories=categorias|category=categoria|
tags=etiquetas|archives=arquivo|archive=arquivo|news=notícias|sports=desporto|latest news=últimas notícias|most popular=mais lidas|popular posts=mais lidos|recent posts=artigos recentes|recent comments=comentários recentes|
by=por|posted by=publicado por|posted on=publicado em|published=publicado|updated=actualizado|download=descarregar|help=ajuda|support=apoio|products=produtos|services=serviços|shop=loja|cart=carrinho|add to cart=adicionar ao carrinho|
buy now=comprar|price=preço|reviews=opiniões|description=descrição|details=detalhes|see also=ver também|you may also like=também pode gostar|trending=em destaque|view all=ver todos|load more=carregar mais|quote=citar|
report=denunciar|likes=gostos|like=gosto|author=autor|faq=perguntas frequentes|introduction=introdução|conclusion=conclusão|references=referências|table of contents=índice|contents=índice|overview=visão geral|
features=características|careers=carreiras|jobs=emprego|events=eventos|blog=blogue|gallery=galeria|photos=fotografias|video=vídeo|videos=vídeos|sitemap=mapa do sítio|accept=aceitar|skip to content=saltar para o conteúdo|
skip to main content=saltar para o conteúdo|close=fechar|yes=sim|no=não|share this=partilhar|share on facebook=partilhar no facebook|tweet=tweet|ingredients=ingredientes|directions=preparação|instructions=preparação|notes=notas""".replace("\n", "").split("|"))}


class Words:
    """Running text, word after word, of one document and then the next."""

    def __init__(self, texts, draw):
        self.texts, self.draw, self.left = texts, draw, []

    def take(self, n):
        while len(self.left) < n:
            self.left = self.draw.choice(self.texts).split()[::-1] + self.left
        return [self.left.pop() for _ in range(n)]


def like(old, new):
    """The words `new` with the capital and the ending of `old`."""
    s = " ".join(new)
    if len(new) >= 8 or old[-1] in ".!?:…":
        s = s.rstrip(",;:.!?…") + (old[-1] if old[-1] in ".!?:…\"”" else "")
    if old[:1].isupper():
        s = s[:1].upper() + s[1:]
    return s if s else old


class Rewording:
    def __init__(self, blocks, label, texts, seed):
        self.draw = random.Random(seed)
        self.main, self.other = Words(texts, self.draw), Words(texts, self.draw)
        self.words = [(w.lower(), k) for t, k in zip(blocks, label) for w in WORD.findall(t)]
        self.at, self.said = 0, {}

    def is_main(self, words):
        """Whether these words, the next of the page, stand in main text; None when they are no text of a block."""
        n = len(words)
        for at in range(self.at, min(self.at + 60, len(self.words) - n + 1)):
            if all(self.words[at + i][0] == words[i] for i in range(n)):
                self.at = at + n
                return self.words[at][1] == 1
        return None

    def other_text(self, old):
        bare = " ".join(WORD.findall(html.unescape(old))).lower()
        words = bare.split()
        if not words or bare.isdigit():
            return old
        main = self.is_main(words)
        if main is None:
            return old
        if bare not in self.said:
            n = len(html.unescape(old).split())
            if main:
                new = like(old, self.main.take(n))
            elif bare in FRAME:
                new = like(old, [FRAME[bare]])
            elif n < 8 and self.draw.random() < 0.5:
                new = old
            else:
                new = like(old, self.other.take(n))
            self.said[bare] = new if new == old else html.escape(new, quote=False)
        return self.said[bare]

    def page(self, source):
        out, at, title = [], 0, None
        for m in TEXT.finditer(source):
            out.append(self.piece(source[at:m.start()]))
            if m.group()[:6].lower() == "<title":
                title = len(out)
            out.append(m.group())
            at = m.end()
        out.append(self.piece(source[at:]))
        if title is not None:
            out[title] = self.title(out[title])
        return "".join(out)

    def piece(self, text):
        bare = text.strip()
        if not bare:
            return text
        return text[:len(text) - len(text.lstrip())] + self.other_text(bare) + text[len(text.rstrip()):]

    def title(self, source):
        """The title says what the headings that it held say now."""
        head, rest = source.split(">", 1)
        text = " ".join(WORD.findall(html.unescape(rest.rsplit("<", 1)[0]))).lower()
        held = [s for s in sorted(self.said, key=len, reverse=True) if len(s.split()) > 2 and s in text]
        return f"{head}>{self.said[held[0]]} - Jornal</title>" if held else source


def page(row, blocks, label, texts, seed):
    return Rewording(blocks, label, texts, seed).page(row["html"])
