"""What pages say around an article: a table of phrases, and what a line that says one of them is.

No site is named here. A phrase belongs in the table when many sites print it and no article would open a paragraph with
it. Digits are written `#`, letters small, apostrophes straight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum


class Furniture(Enum):
    FORM = "the form for readers' comments"
    TALK = "readers' comments, or the link to them"
    OTHERS = "the heading of a list of other pages, or of a box on the writer or the site"
    FILING = "where the page files the article"
    PROMPT = "an offer, or fine print"
    SHARE = "a button to share or print"
    CONTROL = "a button of the page"
    ASIDE = "an advertisement or a link within the text"


# A whole line.
_LINES: dict[Furniture, str] = {
    # The form for readers: what comes before it was the article, and nothing after it is.
    Furniture.FORM: """
        leave a reply | leave your comment | post your comment | cancel reply | reader interactions
        comments are closed | deja una respuesta | deixe uma resposta | antwort hinterlassen | 发表回复 | اترك رد
        اترك ردا | tinggalkan balasan
    """,
    # Where the readers talk, or the link to it that many pages print over the article.
    Furniture.TALK: """
        leave a comment | leave comment | post a comment | add a comment | write a comment | submit a comment
        comment | comments | comments # | comments (#) | # comment | # comments | # reply | # replies | # response
        # responses | no comments | no comments yet | reader comments | view comments | show comments | see comments
        load comments | all comments | one comment | join the discussion | join the conversation
        start the discussion | start the conversation | reader interactions | cancel reply | sort by newest
        be the first to comment | kommentar schreiben | kommentar verfassen | kommentare | # kommentare | # kommentar
        antworten | antwort hinterlassen | schreiben sie einen kommentar | laissez un commentaire | commentaires
        # commentaires | # commentaire | poster un commentaire | ajouter un commentaire | réagir | votre commentaire
        dejar un comentario | comentarios | # comentarios | # comentario | comentar | añadir comentario
        deixe seu comentário | comentários | # comentários | # comentário | commenti | # commenti | # commento
        rispondi | reacties | # reacties | plaats een reactie | yorum yap | yorumlar | # yorum | комментарии
        оставить комментарий | # комментариев | ответить | أضف تعليق | أضف تعليقا | التعليقات | تعليقات | تعليق
        tinggalkan komentar | tinggalkan balasan | komentar | 发表评论 | 评论 | 发表回复 | 留言 | コメント
        コメントを残す | 댓글
    """,
    # The heading of a list of other pages, or of a box about the writer or the site.
    Furniture.OTHERS: """
        related | related articles | related article | related posts | related post | related stories | related story
        related news | related content | related topics | related videos | related video | related links
        related items | related coverage | related recipes | related reading | related resources
        related articlesmore from author | similar articles | similar posts | similar stories | you may also like
        you might also like | you may like | you might like | you may also like these articles | you may also enjoy
        also like | more stories | more news | more posts | more articles | more from | more from this author
        more from author | more on this story | more on this topic | more on this | more like this | more headlines
        more coverage | more in | see more | see also | recommended | recommended for you | recommended reads
        recommended stories | recommended reading | recommendations | suggested articles | suggested posts
        suggested reading | read next | up next | what to read next | next story | next post | next article
        previous post | previous article | previous postnext post | previous articlenext article | previousnext | next
        previous | prev | post navigation | most read | most popular | most viewed | most commented
        most viewed posts | most shared | most recent | popular | popular posts | popular articles | popular stories
        popular now | top stories | top news | top posts | trending | trending now | trending stories | latest
        latest news | latest posts | latest stories | latest articles | latest headlines | last news | breaking news
        recent posts | recent articles | recent news | recent stories | recent comments | editor's picks
        editors' picks | editors picks | editor's pick | editors pick | don't miss | in case you missed it
        check also | around the web | from around the web | from our partners | promoted stories | sponsored stories
        sponsored links | sponsored content | paid content | you are reading | author | authors | about author
        about the author | about the authors | about me | about us | author archives | author bio | primary sidebar
        footer | archives | archive | categories | tags | topics | tag | also read | also in the news | also in news
        other news | other stories | other articles | featured stories | featured articles | featured videos
        featured content | stories for you | for you | this week | explore further | explore more | view all
        view more | load more | show more | all news | all stories | next up | copyright | about the writer
        contact the author | follow the author | more by this author | in this article | ähnliche artikel
        ähnliche beiträge | verwandte artikel | verwandte themen | verwandte beiträge | mehr zum thema
        das könnte sie auch interessieren | das könnte dich auch interessieren | auch interessant | weitere artikel
        weitere beiträge | meistgelesen | neueste beiträge | neueste kommentare | schlagwörter | schlagworte
        über den autor | über die autorin | vorheriger beitrag | nächster beitrag | beitragsnavigation | zum thema
        articles similaires | articles liés | articles connexes | sur le même sujet | sur le même thème | à lire aussi
        à lire également | lire aussi | dans la même rubrique | les plus lus | articles récents | à propos de l'auteur
        vous aimerez aussi | navigation de l'article | à la une | artículos relacionados | noticias relacionadas
        relacionado | relacionados | relacionadas | te puede interesar | también te puede interesar | te recomendamos
        lo más leído | entradas recientes | sobre el autor | más noticias | más sobre este tema
        entradas relacionadas | te puede gustar | artigos relacionados | notícias relacionadas | leia também
        leia mais | veja também | mais lidas | posts recentes | sobre o autor | postagens relacionadas
        você também pode gostar | posts relacionados | mais notícias | articoli correlati | potrebbe interessarti
        potrebbero interessarti | leggi anche | articoli recenti | gerelateerde artikelen | lees ook | meer nieuws
        ilgili haberler | ilgili yazılar | son yazılar | читайте также | похожие записи | похожие статьи | по теме
        самое читаемое | смотрите также | مقالات ذات صلة | أخبار ذات صلة | مواضيع ذات صلة | ذات صلة | اقرأ أيضا
        اقرأ أيضاً | اقرأ ايضا | الأكثر قراءة | قد يعجبك أيضا | آخر الأخبار | المزيد | مقالات مشابهة | المقال السابق
        المقال التالي | artikel terkait | berita terkait | baca juga | terpopuler | 相关文章 | 相关新闻 | 相关阅读
        推荐阅读 | 関連記事 | 関連ニュース | 관련기사
    """,
    Furniture.PROMPT: """
        subscribe | subscribe now | subscribe today | subscribe to our newsletter | newsletter | newsletters | sign up
        sign up now | sign up here | sign up today | sign in | log in | login | register | register now
        create an account | forgot your password | already a subscriber | already a member | become a member | donate
        donate now | support us | sign up for our newsletter | get our newsletter | join our mailing list
        enter your email | enter your email address | email address | your email | email | e-mail | name | your name
        website | submit | send | accept | i agree | got it | flattr | flattr this | buy me a coffee | download pdf
        print edition | follow | follow us | follow us on | follow me | follow us on twitter | follow us on facebook
        follow us on google news | connect with us | stay connected | listen to this article | listen to article
        privacy policy | cookie policy | terms of use | terms of service | terms and conditions | contact | contact us
        advertise | advertise with us | all rights reserved | careers | abonnieren | jetzt abonnieren | anmelden
        registrieren | folgen sie uns | impressum | datenschutz | s'abonner | abonnez-vous | s'inscrire | se connecter
        suivez-nous | mentions légales | inscription | suscríbete | suscribirse | regístrate | síguenos
        iniciar sesión | aviso legal | boletín | assine | assine já | inscreva-se | siga-nos | entrar | cadastre-se
        iscriviti | seguici | abbonati | подписаться | подписывайтесь | войти | اشترك | اشترك الآن | تسجيل الدخول
        تابعنا | النشرة البريدية | 订阅 | 登录
    """,
    Furniture.SHARE: """
        share | shares | # shares | #shares | share this | share this article | share this story | share this post
        share this page | share this entry | share it | share this with | share article | share story | share post
        shared | share on | share via | share link | share options | share to | sharing is caring | spread the news
        spread the word | spread the love | social share | pin it | yum it | send it | tweet it | tweet this | pin
        tweet | like this | like loading | like | save | print | print this | print this article | print article
        email this | email this article | share by mail | share by email | copy link | copy url | link copied
        copy link url copied | url copied | bookmark | permalink | post to | email to a friend | send to a friend
        teilen | beitrag teilen | artikel teilen | drucken | merken | partager | partager cet article | partagez
        partager sur | imprimer | envoyer | compartir | comparte | compártelo | compartir en | imprimir | compartilhar
        compartilhe | compartilhe isso | condividi | condividi su | stampa | delen | deel dit | paylaş | поделиться
        поделиться ссылкой | распечатать | شارك | شاركها | مشاركة | طباعة | نسخ الرابط | bagikan | 分享 | 分享到
        シェア | ツイート | 공유
    """,
    Furniture.CONTROL: """
        menu | home | search | search for | search for search | search submit | close | skip to content
        skip to main content | skip to primary navigation | skip to primary sidebar | skip to footer | navigation
        main menu | navigation menu | toggle navigation | back to top | back to top button | scroll to top
        scroll back to top | to top | top | go to top | return to top | loading | loading please wait | click here
        view results | image # of # | # / # | back to gallery | jump to recipe | jump to recipe pin recipe | # of #
        play | play video | pause | mute | cancel | # minute read | # min read | minute read | minutes read
        # minutes read | # views | # view | views | read later | continue reading the main story | skip advertisement
        tempo de leitura: # minutos | lesezeit: # minuten | lesezeit # min | temps de lecture # min | read in:
        reading time # min | back to overview | back to blog | back to news | back to home | zurück
        zurück zur übersicht | zurück zur startseite | nach oben | zum inhalt springen | zum seitenanfang | startseite
        suche | suchen | schließen | accueil | rechercher | fermer | haut de page | retour en haut | aller au contenu
        inicio | buscar | cerrar | ir arriba | volver arriba | saltar al contenido | início | pesquisar | fechar
        voltar ao topo | cerca | chiudi | torna su | главная | поиск | наверх | меню | الرئيسية | بحث | القائمة
        إغلاق | زر الذهاب إلى الأعلى | العودة إلى الأعلى | 首页 | 返回顶部 | 搜索 | ホーム | 検索 | トップへ戻る
    """,
    Furniture.ASIDE: """
        advertisement | advertisements | advertising | ad | ads | sponsored | sponsor | sponsored by | promoted
        story continues below | story continues below advertisement | article continues below | read more
        continue reading | article continues after advertisement | continue reading below | read the full story
        full story | learn more | scroll to continue | scroll down to continue | photo gallery | view gallery
        view slideshow | show caption | hide caption | open image in new window | enlarge this image
        click to enlarge | image | photo | video | slideshow | anzeige | werbung | weiterlesen | mehr erfahren
        publicité | lire la suite | en savoir plus | publicidad | anuncio | leer más | seguir leyendo | publicidade
        continua após a publicidade | continua depois da publicidade | saiba mais | pubblicità | leggi tutto
        advertentie | lees meer | reklam | реклама | читать далее | إعلان | إعلانات | اقرأ المزيد | 广告 | 阅读更多
        広告 | 続きを読む
    """,
}

# How a line opens. A phrase here is long enough that a sentence of the article would hardly begin with it.
_OPENINGS: dict[Furniture, str] = {
    Furniture.FORM: """
        leave a reply | your email address will not be published | you must be logged in to | log in to leave a
        # comments on | # comment on | # thoughts on | # thought on | one thought on | # responses to
        one response to | # replies to | this site uses akismet | save my name, email | comments are closed
        want to join the discussion | notify me of | fill in your details below | enter your comment
        sign in to comment | log in to comment | pingback: | please log in to comment | this post has # comments
        responses are closed | you can follow any responses to | lascia un commento | deja un comentario
        deja una respuesta | deixe um comentário | deixe uma resposta | laisser un commentaire
        schreibe einen kommentar | kommentar hinterlassen | geef een reactie | bir yanıt yazın | добавить комментарий
        اترك تعليق | اترك رد | du musst angemeldet sein | vous devez être connecté | debes estar conectado
        tienes que estar conectado | devi essere connesso | você precisa fazer o login
        deine e-mail-adresse wird nicht | ihre e-mail-adresse wird nicht | meinen namen, e-mail
        schreib einen kommentar | votre adresse e-mail ne sera pas | votre adresse de messagerie
        enregistrer mon nom, mon e-mail | tu dirección de correo electrónico no | guarda mi nombre, correo
        o seu endereço de e-mail não | o seu endereço de email | salvar meus dados neste navegador
        il tuo indirizzo email non | salva il mio nome, email | je e-mailadres wordt niet | ваш адрес email не
        لن يتم نشر عنوان بريدك | احفظ اسمي | alamat email anda tidak | 您的电子邮箱地址不会 | 您的邮箱地址不会
    """,
    Furniture.OTHERS: """
        related articles | related posts | related stories | you may also | you might also | you may be interested in
        more from | more articles in | more stories from | latest posts by | previous post: | next post:
        previous article | next article | previous story | next story | about the author | recommended for you
        more on this | trending in | most popular in | read more about | other posts by | posts by
        portions of this content are | ⓒ # | © # | ©# | copyright © | copyright # | (c) # | artikel lainnya
        das könnte sie | das könnte dich | vous pourriez aussi | también te puede | você pode gostar
        potrebbero anche
    """,
    # Where the page files the article.
    Furniture.FILING: """
        tags: | tag: | tagged | filed under | posted in | categories: | category: | topics: | keywords:
        this entry was posted in | in this story: | schlagwörter: | schlagworte: | étiquettes | etiquetas | mots-clés
        etichette | categoria: | kategorie: | catégorie | الوسوم | كلمات مفتاحية | التصنيف | 标签 | 分类
    """,
    Furniture.PROMPT: """
        sign up for | sign up to | sign up and | enter your name | subscribe to | subscribe now | subscribe for
        newsletter sign | get the latest | get breaking news | join us at | join us for | join us on | save your spot
        save your seat | get our | get the free | get unlimited | join our | join thousands | join the newsletter
        never miss a | receive our | receive the latest | enter your email | we use cookies
        this website uses cookies | this site uses cookies | by continuing to | by clicking | by signing up
        by subscribing | by submitting | download our app | download the app | for the latest stories | follow us on
        follow @ | like us on | follow her on | follow him on | register for free | register now | log in | sign in
        already have an account | already a subscriber | create an account | create a free account
        to continue reading | you have reached your | you've reached your | support our journalism
        support independent | become a member | become a subscriber | become a patron | the views expressed
        privacy policy | have a story | have a tip | send us a tip | download premium | tweets by | join #
        thank you for subscribing | readers like you | read our e-paper | read our epaper | stay up to date
        sign me up | want more stories | no spam | in order to run a successful | abonnieren sie | jetzt anmelden
        diese website benutzt | diese website verwendet | wir verwenden cookies | melden sie sich | abonnez-vous
        inscrivez-vous | suivez-nous | ce site utilise | nous utilisons des cookies | suscríbete | regístrate
        síguenos | utilizamos cookies | utilizziamo i cookie | este sitio utiliza | esta web utiliza | inscreva-se
        siga o | siga-nos | este site usa | iscriviti | seguici | questo sito utilizza | подпишитесь | подписывайтесь
        اشترك في | تابعونا | يستخدم هذا الموقع | 本网站使用
    """,
    Furniture.SHARE: """
        share this | share on | share via | share all sharing options | click to share | click to email
        click to print | share it with | email this | print this | opens in new window | tweet this | pin it
        auf facebook | per e-mail | bei facebook | partager sur | compartir en | compartir por
        haz clic para compartir | haga clic para | compartilhe no | clique para compartilhar
        fare clic per condividere | klicken, um | klicken zum | klick, um | cliquez pour partager | شارك على
        شارك عبر | permalink # comments
    """,
    Furniture.CONTROL: """
        skip to | jump to | please wait | loading, please | search for: | you are here: | click to enlarge | toggle
    """,
    Furniture.ASIDE: """
        related: | related post: | related story: | related article: | related video: | related recipe: | read more:
        read also: | read: | more: | see also: | see more: | also read: | also see: | also: read | learn more:
        watch: | watch now: | video: | must read: | read next: | don't miss: | recommended: | find out more:
        story continues below | this post may contain | click here to | click here for | as an amazon associate
        advertisement - | - advertisement | advertisement | photos: | gallery: | listen: | listen to: | disclosure:
        affiliate disclosure | lesen sie auch | lesen sie mehr | mehr dazu: | mehr zum thema: | lire aussi
        à lire aussi | lire également | voir aussi | lea también | leer también | ver también | lee también
        mira también | leia também | leia mais | veja também | saiba mais | leggi anche | leggi: | lees ook
        читайте также | اقرأ أيضا | اقرأ أيضاً | إقرأ أيضا | شاهد أيضا | baca juga | 阅读更多
    """,
}

_SOCIAL = frozenset(
    """facebook twitter x instagram pinterest linkedin whatsapp telegram reddit tumblr flipboard mix email mail e-mail
    print youtube vkontakte vk odnoklassniki viber messenger pocket line weibo wechat google google+ plus snapchat
    tiktok mastodon bluesky threads rss bloglovin buffer stumbleupon digg xing skype yummly copy link share
    tweet pin shares subscribe follow via on to more and like us by sms flickr vimeo github discord feed
    button this""".split()
)

# A short opening such as "Tagged" could begin a sentence, so it counts in short lines only.
_SHORT_OPENING_WORDS = 2
_SHORT_LINE_WORDS = 14
_LONG_LINE_WORDS = 60
_LONGEST = 600

_DIGITS = re.compile(r"\d[\d.,]*")
_EDGES = " \t-–—•·|*!?.,:;…«»<>←→↑↓▲▼►◄×+~#()[]\"'"
_SEAM = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_FOLLOW = re.compile(r"(?:follow|like|find) .{1,60} on (?:twitter|facebook|instagram|linkedin|google news|x|youtube)\b")
_HOUSE_RULES = re.compile(
    r"\b(libell?ous|defamatory|commentary|comments?|commenting|moderated?|moderators?|abusive|offensive|obscene)\b"
)
_COMMENTER = re.compile(r"(says|said|wrote on .{4,40}|schreibt|sagt|a écrit|dit|dice|disse|diz|пишет|يقول):$")


def _phrases(table: str) -> Iterator[str]:
    for line in table.strip().splitlines():
        yield from (phrase.strip() for phrase in line.split(" | "))


_KIND_OF_LINE = {phrase: kind for kind, table in _LINES.items() for phrase in _phrases(table)}


def _openings(short: bool) -> dict[Furniture, tuple[str, ...]]:
    return {
        kind: tuple(
            phrase for phrase in _phrases(table) if (phrase.count(" ") < _SHORT_OPENING_WORDS) is short and phrase
        )
        for kind, table in _OPENINGS.items()
    }


_SHORT_OPENINGS = _openings(short=True)
_LONG_OPENINGS = _openings(short=False)


def kind_of(text: str) -> Furniture | None:
    """What a line is to the page, or `None` where the line alone does not tell."""
    words = text.count(" ") + 1
    if words > _LONG_LINE_WORDS or len(text) > _LONGEST:
        return None
    plain = _plain(text)
    return _KIND_OF_LINE.get(plain) or _kind_by_opening(plain, words) or _kind_by_shape(text, plain, words)


def _plain(text: str) -> str:
    """The line without case, digits, and marks around it, as the table writes its phrases."""
    straight = text.casefold().replace("’", "'").strip(_EDGES)
    return _DIGITS.sub("#", straight)


def _kind_by_opening(plain: str, words: int) -> Furniture | None:
    for kind, openings in _LONG_OPENINGS.items():
        if plain.startswith(openings):
            return kind
    if words > _SHORT_LINE_WORDS:
        return None
    return next((kind for kind, openings in _SHORT_OPENINGS.items() if plain.startswith(openings)), None)


def _kind_by_shape(text: str, plain: str, words: int) -> Furniture | None:
    if words <= _SHORT_LINE_WORDS and _only_social(text):
        return Furniture.SHARE
    if _points_elsewhere(text):
        return Furniture.CONTROL
    if plain.endswith((" reply", " antworten", " répondre", " responder")) and "#" in plain:
        return Furniture.TALK
    if len(set(_HOUSE_RULES.findall(plain))) > 2 or {"commentary", "libelous"} <= set(_HOUSE_RULES.findall(plain)):
        return Furniture.FORM
    if "all rights reserved" in plain or _FOLLOW.match(plain):
        return Furniture.PROMPT
    if "opens in new window" in plain or "open in a new window" in plain:
        return Furniture.SHARE
    return None


def _only_social(text: str) -> bool:
    """Whether all words name places to share at, also where no space stands between them: FacebookTwitterEmail."""
    spaced = _DIGITS.sub(" ", text.replace("&", " ").replace(",", " "))
    return any(
        words and all(word in _SOCIAL for word in words)
        for words in (spaced.casefold().split(), _SEAM.sub(" ", spaced).casefold().split())
    )


def _points_elsewhere(text: str) -> bool:
    """Whether an arrow begins or ends the line, as in a link to the page before or after."""
    opens = text.startswith(("←", "→", "‹", "« ")) and "»" not in text
    return opens or (text.endswith(("←", "→", "›", " »")) and "«" not in text)


def names_commenter(text: str) -> bool:
    """Whether the line names who says what follows. In an article it may as well introduce a quotation."""
    return len(text) < 100 and bool(_COMMENTER.search(text.casefold()))
