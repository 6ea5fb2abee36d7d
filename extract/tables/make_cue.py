#!/usr/bin/env python3
"""Write cue.inc: the words that say what a block or an element is, as one open hash table. Usage: make_cue.py > cue.inc

TEXT are words of the visible text (nine languages, lower case), LOOK are parts of class, id, role and itemprop. A word may be in several
groups. The order of the groups is that of the enums in cue.h."""

TEXT = {
    "STOP": """a o e os as um uma de do da dos das em no na nos nas ao à aos às por para com que se não mais mas como foi é são ser era tem há sua seu seus suas
        ou quando muito já também só pelo pela até isso ela ele entre depois sem mesmo este esta isto foram nem está quem esse essa num numa
        the of and to in is for that with on was it as be by at from this are an have has had not but or which you they we he she his her their its were been will would can there if
        el la los las y en del un una que es por con para su lo le más pero como este fue al se no sus sobre
        le la les et des du un une est en que qui dans pour pas sur au avec ce se il ne plus par sont ou mais nous vous
        der die das und in den von zu mit ist im für auf nicht ein eine dem des sich es auch als an hat wird war bei sie er ich wir aus nach wie oder noch nur
        il di che e la per un una non in è del con si sono da le i gli della ha anche al più
        de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij
        w i na z do się nie to jest że o jak po co ale za od dla""",
    "CONSENT": """cookie cookies consent consentimento gdpr rgpd privacy privacidade datenschutz consentement privacidad zustimmen akzeptieren accept aceitar aceito
        preferences preferências definições""",
    "RIGHTS": """copyright © reserved reservados direitos rights derechos droits vorbehalten rechte alle trademark trademarks ltd inc llc lda gmbh impressum imprint powered by""",
    "SHARE": """share shares facebook twitter whatsapp linkedin pinterest instagram telegram reddit youtube tiktok google tweet tweets partilhar partilhe partilha compartilhar compartilhe
        teilen partager compartir condividi follow seguir siga segue like likes gosto curtir rss feed feeds""",
    "SUBSCRIBE": """newsletter newsletters subscribe subscriber subscribers subscription subscriptions assine assinar assinatura assinante assinantes subscreva subscrever subscrição inscreva
        inscrever abonnieren abonnez suscríbete signup registe registar unsubscribe inbox abo""",
    "COMMENT": """comment comments commented comentário comentários comentar comente comentou kommentar kommentare commentaire commentaires comentario comentarios reply replies responder
        respostas resposta antworten répondre antwort leave""",
    "RELATED": """related relacionado relacionada relacionados relacionadas recommended recomendado recomendados recomendadas popular populares trending lidas lidos leia veja ver vejam
        também mehr ähnliche verwandte similar semelhantes latest últimas recentes recent outras outros saiba confira lire aussi también más""",
    "LOGIN": """login log logout sign entrar sair password senha palavra-passe utilizador username user register registo cadastro cadastre account conta anmelden registrieren connexion
        acceder forgot esqueceu membro member members""",
    "SEARCH": """search pesquisa pesquisar pesquise procurar procura busca buscar suche suchen recherche rechercher""",
    "ADS": """publicidade advertisement advertisements advertising anúncio anúncios anuncie patrocinado patrocinada patrocínio sponsored sponsor sponsors ad ads anzeige werbung publicité publicidad
        pub continua promo promoted affiliate""",
    "BYLINE": """by por posted published publicado publicada publicação author autor autora autores updated atualizado atualizada actualizado atualização redação redacção editor von par staff
        reporter jornalista escrito written fonte source foto fotos photo photos fotografia crédito image imagem lusa reuters""",
    "NAV": """home início inicio menu sitemap mapa contact contacts contacto contactos contato contatos about sobre página page páginas pages voltar back next previous prev seguinte próxima
        próximo anterior topo top index índice site skip navigation navegação ir jump startseite kontakt accueil abrir fechar close open toggle ajuda help faq homepage site""",
    "TAGS": """tags tag categories category categoria categorias etiquetas etiqueta marcadores labels label filed arquivo arquivos archive archives topics topic tópicos temas tema keywords
        palavras-chave assuntos kategorie kategorien schlagwörter catégories secções""",
    "PRINT": """print printer imprimir impressão versão email e-mail enviar send amigo friend pdf download downloads descarregar baixar drucken imprimer bookmark favoritos adicionar save guardar""",
    "SHOP": """cart carrinho checkout price preço preços buy comprar compra shipping envio stock wishlist basket warenkorb panier quantity quantidade € $ £ r$ sku order orders encomenda
        desconto discount sale free add kaufen versand delivery entrega iva""",
    "CONTACT": """tel telefone telemóvel fax phone telef tlf morada endereço address rua avenida av nif apartado street road suite mail horário horários opening hours contribuinte""",
    "DATE": """janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro january february march april may june july august september october november december
        januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre novembre décembre jan feb fev mar apr abr jun jul aug ago sep
        sept set oct out nov dec dez monday tuesday wednesday thursday friday saturday sunday segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo
        ago hours horas minutes minutos days dias uhr today hoje yesterday ontem""",
    "DONATE": """donate donation donations doar doação donativo donativos apoie apoia apoiar support patreon paypal contribute contribuir spenden don""",
    "FORUM": """posts mensagens mensagem joined membro registado offline online quote citar profile perfil moderador moderator administrador thread threads tópico tópicos fórum forum forums registered
        visitante visitantes guest views likes points upvote votes answer answers user reputation rank""",
    "MORE": """continue reading continua ler leia continuar read more weiterlesen saber mais suite expand collapse show details detalhes click clique clicar here aqui""",
    "TERMS": """terms termos conditions condições policy política políticas legal disclaimer responsabilidade uso nutzungsbedingungen agb conditions accessibility acessibilidade sitemap""",
    "PORTUGUESE": """não são também está estão à às pelo pela pelos uma dos das nos nas com para por os ao aos seu sua mais foi muito já até isso ele ela mas você""",
    "BROWSER": """javascript browser browsers enable enabled navegador flash plugin player video loading carregar update""",
}

LOOK = {
    "CONTENT": "content conteudo contenido inhalt contents contenu conteudos conteúdo maincontent pagecontent contentarea",
    "ARTICLE": "article artigo articles articulo artikel articlebody articletext articlecontent newsarticle noticia noticias noticiatexto news story storybody storytext materia",
    "POST": "post posts entry entries blogpost blog hentry postcontent entrycontent postbody posting blogposting",
    "BODY": "body corpo texto text txt copy richtext rte wysiwyg prose markdown rich textbody textwidget paragraph paragraphs formatted",
    "MAIN": "main principal primary center centro middle maincol",
    "COMMENT": "comment comments comentario comentarios commentlist respond reply replies disqus kommentar kommentare comentarista usercomments feedback responses",
    "NAV": "nav menu navbar navigation navegacao menus submenu navmenu mainmenu topmenu sitemap navi menuitem mainnav subnav hamburger dropdown offcanvas megamenu tabs",
    "SIDE": "side sidebar aside coluna col2 rail left right esquerda direita leftcol rightcol sidecol lateral secondary sidenav complementary",
    "FOOTER": "footer rodape foot bottom colophon contentinfo subfooter pagefooter fim rodapé footnav copyright legal",
    "HEADER": "header cabecalho top topo masthead topbar hdr banner branding logo sitename topheader",
    "RELATED": "related relacionado relacionados relacionadas similar recommend recommended recommendation recommendations recomendados more mais trending popular latest recirc readmore alsolike recent recentes ultimas maislidas read also outbrain taboola teasers suggest suggestions upnext promo",
    "SHARE": "share sharing social partilhar compartilhar sharebar addthis addtoany socials facebook twitter whatsapp sharethis follow like likes sns",
    "AD": "ad ads adv advert adverts advertisement advertising publicidade pub sponsor sponsored sponsors adsense dfp banner banners promo promotion adbox anuncio anuncios werbung anzeige gpt",
    "CONSENT": "cookie cookies consent gdpr modal popup overlay lightbox dialog alertdialog privacy onetrust cookiebar notice ccpa interstitial paywall",
    "FORM": "search pesquisa form login signin signup register searchform busca input field fields select captcha password formulario newsletter subscribe subscription mailchimp optin",
    "CRUMB": "breadcrumb breadcrumbs crumb crumbs trail migalhas path pathway breadcrumblist",
    "META": "meta byline author autor authors date data time info datetime credit credits postmeta published timestamp details posted dateline publish datepublished infos bio",
    "TAG": "tag tags tagcloud category categories categoria categorias topics taglist keywords taxonomy labels cat cats terms",
    "LIST": "list grid item items listing row results result lista feed archive cards card teaser teasers tile tiles box boxes carousel slider slide slides slick swiper thumb thumbs thumbnails listitem block",
    "WIDGET": "widget widgets module modulo portlet gadget plugin component panel toolbar tools tool utility utilities btn button buttons icon cta",
    "TITLE": "title titulo headline heading titles subtitle subtitulo pagetitle posttitle entrytitle tit h1 header-title name antetitulo subheading kicker",
    "CAPTION": "caption legenda figcaption image photo gallery galeria figure foto imagem images fotos video media wpcaption picture captions player",
    "PAGER": "pagination pager paging paginacao pages prev next previous pagenav paginate nextprev pagelinks navlinks",
    "PRODUCT": "product produto products produtos price preco description descricao desc specs spec features product-description itemdescription sku cart shop detail",
    "THREAD": "message messages thread topic topico forum forums postmessage posttext msg bbcode answer answers question pergunta resposta discussion topicpost conversation",
    "USER": "signature assinatura profile perfil user username userinfo avatar poster postprofile postauthor sig member membro postdetails reputation usercard",
    "HIDDEN": "hidden hide collapse collapsed invisible none hid accessible offscreen noprint srhidden sr screenreader visuallyhidden tooltip skip skiplink",
    "SUMMARY": "summary lead excerpt intro sumario resumo lede standfirst abstract deck dek sinopse entrada chapeau highlights keypoints",
    "LAYOUT": "wrapper container page site wrap outer inner layout canvas root app shell frame main-wrapper holder",
    "PRINT": "print imprimir email mail pdf download downloads printfriendly attachment attachments",
    "FAQ": "faq accordion acordeon acordeao toggle tab collapse-body faqs answer panel-body expander",
    "RECIPE": "recipe receita ingredient ingredients ingrediente ingredientes instruction instructions preparo directions steps step modo recipeingredient recipeinstructions method nutrition",
    "REF": "toc references reflist footnote footnotes reference infobox navbox catlinks bibliography citation cite notes sources hatnote mw editsection",
    "SECTION": "section secao secção seccao intro about sobre hero feature services servicos team testimonial testimonials story overview benefits",
}

BITS, FILTER_BITS = 12, 13


def fnv(word):
    h = 0x811C9DC5
    for c in word.encode():
        h = (h ^ c) * 0x01000193 % 2**32
    return h


def words(groups, salt):
    out = {}
    for bit, text in enumerate(groups.values()):
        for w in text.split():
            h = fnv(w) ^ salt
            out[h] = out.get(h, 0) | 1 << bit
    return out


def table(name, entries, kind):
    slots = [(0, 0)] * (1 << BITS)
    assert 2 * len(entries) < len(slots) and 0 not in entries
    for h, mask in entries.items():
        at = h >> (32 - BITS)
        while slots[at][1]:
            at = (at + 1) % len(slots)
        slots[at] = (h, mask)
    print(f"static const struct {{\n\tuint32_t hash;\n\t{kind} groups;\n}} {name}[{len(slots)}] = {{")
    for at, (h, mask) in enumerate(slots):
        if mask:
            print(f"\t[{at}] = {{{h}u, 0x{mask:x}u}},")
    print("};")
    # Most words are none of these: a bit for the first of each hash tells that without a look at the table.
    some = [0] * (1 << FILTER_BITS >> 6)
    for h in entries:
        some[h >> (32 - FILTER_BITS) >> 6] |= 1 << (h >> (32 - FILTER_BITS) & 63)
    print(f"static const uint64_t some_{name}[{len(some)}] = {{")
    for i in range(0, len(some), 8):
        print("\t" + ", ".join(f"0x{x:x}u" for x in some[i:i + 8]) + ",")
    print("};")


def main():
    assert len(TEXT) <= 32 and len(LOOK) <= 64
    print("/* Made by make_cue.py. */")
    print(f"enum {{ CUE_TABLE_BITS = {BITS}, CUE_FILTER_BITS = {FILTER_BITS} }};")
    table("texts", words(TEXT, 0), "uint32_t")
    table("looks", words(LOOK, 0), "uint64_t")
    print("/* " + " ".join(f"CUE_{g}," for g in TEXT) + " */")
    print("/* " + " ".join(f"LOOK_{g}," for g in LOOK) + " */")


main()
