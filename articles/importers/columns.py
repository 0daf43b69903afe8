"""Which field of a record the header of a column means, or the key of an object; by its name alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from articles.records import UnreadableFile


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: the field that it goes to, "" where it is left out, and its first values, cut short."""

    header: str
    field: str
    samples: tuple[str, ...]


# What a field is called, the best name first. `html` is a body that is HTML, the last four belong to the picture and
# to the date of the article. Beside these, everything has the name of its field in `ArticleRecord`.
_NAMES = {
    "title": """title headline heading head hed hl headlinemain titel überschrift schlagzeile titre título titular
        titolo kop otsikko tytuł başlık заголовок название 标题 標題 题目 タイトル 見出し 제목 العنوان عنوان""",
    "body": """body text bodytext fulltext articlebody maintext content contents article story copy plaintext cleantext
        rawtext rawcontent contenttext transcript paragraphs inhalt volltext artikel artikeltext beitrag texte contenu
        corps cuerpo contenido texto conteúdo corpo testo contenuto tekst brödtext innehåll treść metin içerik текст
        содержание 正文 内容 內容 文本 本文 본문 내용 النص نص المحتوى""",
    "html": "html bodyhtml contenthtml htmlbody htmlcontent htmltext rawhtml contentencoded contentrendered",
    "kicker": "kicker eyebrow overline roofline supertitle dachzeile surtitre antetítulo volanta occhiello",
    "standfirst": """standfirst summary abstract subtitle subheadline subheading subhead subhed dek deck lead lede
        leadparagraph intro introduction excerpt description teaser trailtext snippet blurb vorspann untertitel
        unterzeile zusammenfassung anreißer chapô chapeau résumé soustitre entradilla subtítulo bajada resumen resumo
        sommario sottotitolo samenvatting ingress аннотация 摘要 概要 요약 ملخص""",
    "byline": "byline autorenzeile",
    "authors": """authors author creator creators writer writers writtenby reporter reporters journalist journalists
        columnist correspondent contributor contributors authorname authornames firstauthor coauthor coauthors autor
        autoren autorin verfasser auteur auteurs autora autores autore autori författare skribent kirjoittaja yazar
        автор авторы 作者 记者 著者 記者 저자 기자 الكاتب كاتب المؤلف""",
    "source": """source sourcename publication publicationname publicationtitle newspaper newspapername journal
        journaltitle journalname paper outlet outletname medianame media medium provider agency newsagency publisher
        sitename website site channelname feedname domain quelle zeitung publikation medien herausgeber fuente
        periódico diario medio fonte jornal veículo testata giornale krant bron källa tidning kaynak gazete источник
        газета издание 来源 來源 媒体 报纸 出典 매체 언론사 المصدر الصحيفة""",
    "sections": """sections section sectionname subsection subsectionname categories category categoryname rubrik
        rubriken ressort ressorts desk department pillarname kategorie kategorien rubrique rubriques catégorie
        catégories sección secciones categoría categorías seção editoria sezione sezioni categoria categorie rubriek
        kategori avdelning раздел рубрика категория 栏目 分类 版面 カテゴリ カテゴリー 섹션 القسم التصنيف""",
    "tags": """tags tag taglist tagnames keywords keyword keywordlist topics topic subjects subject themes descriptors
        indexterms hashtags schlagworte schlagwörter schlagwort stichworte stichwörter motsclés étiquettes etiquetas
        palabrasclave palavraschave temas parolechiave trefwoorden nyckelord etiketler ключевыеслова теги 标签 关键词
        關鍵詞 キーワード タグ 키워드 태그 الوسوم الكلماتالمفتاحية""",
    "dateline": "dateline placeline ortsmarke",
    "language": """language lang languagecode langcode inlanguage contentlanguage locale sprache langue idioma lingua
        taal språk kieli dil язык 语言 言語 언어 اللغة""",
    "canonical_url": """canonicalurl canonical canonicallink permalink weburl originalurl sourceurl fullurl pageurl url
        link uri href webaddress webadresse weblink lien enlace ссылка 链接 网址 連結 リンク الرابط""",
    "date": """date publicationdate publisheddate publishdate datepublished dateofpublication pubdate published
        publishedat publishedon publishedtime publicationtime publishtime firstpublished firstpublicationdate
        webpublicationdate dateissued issuedate issued printdate dateprinted displaydate datum erscheinungsdatum
        erscheinungstag veröffentlichungsdatum veröffentlicht veröffentlichtam erschienen datepublication
        datedepublication dateparution datedeparution publiéle fecha fechapublicación fechadepublicación publicado data
        datapublicação datadepublicação datapubblicazione publicatiedatum publiceringsdatum tarih yayıntarihi дата
        датапубликации 日期 发布日期 发布时间 发表时间 出版日期 日付 公開日 날짜 게시일
        التاريخ تاريخالنشر datetime timestamp pubtime
        posted postedat postedon dateposted postdate dategmt time created createdat createdon datecreated creationdate
        year jahr année año ano anno год""",
    "status": "status poststatus articlestatus publicationstatus",
    "correction": "correction corrections corrigendum erratum berichtigung",
    "editors_note": "editorsnote editornote editorialnote",
    "captured": "captured capturedat crawledat",
    "body_type": "bodytype",
    "images": "images photos pictures photographs bilder fotos imágenes imagens immagini",
    "image_url": """imageurl image img imageuri imagelink imgurl photo photourl picture pictureurl urltoimage topimage
        mainimage leadimage heroimage bannerimage featuredimage featuredimageurl ogimage thumbnail thumbnailurl thumb
        bild bildurl foto imagen imagem immagine afbeelding 图片""",
    "caption": """caption imagecaption photocaption picturecaption cutline bildunterschrift bildtext légende piedefoto
        legenda didascalia onderschrift""",
    "credit": "credit imagecredit photocredit photographer photoby bildnachweis fotograf fotógrafo",
    "alt": "alt alttext imagealt",
    "date_known": "dateknown",
    "date_precision": "dateprecision",
}
FIELDS = tuple(_NAMES)

# Several columns may go to one of these; to any other field, one.
MANY = frozenset({"authors", "sections", "tags", "images"})
# Without a column for one of these there is no article.
TEXTS = frozenset({"title", "body", "html"})

# What says no more than that it is about an article: post_title, articleText, webTitle, news_date.
_OF_AN_ARTICLE = re.compile("(?:article|post|news|story|item|entry|page|web|doc|document|main|artikel)(?=.{2})")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
HEADER_LENGTH = 200

# Those of the archive's own tables, by which they are known: there `url` is the address here, `published_at` the one
# of the page that was archived.
_OWN = {"url": "", "published_at": "canonical_url", "known": "date_known", "sha256": ""}


def _compared(header: str) -> str:
    """Letters and digits alone, without accents: `Pub. Date`, `pub_date` and `pubDate` are one."""
    letters = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header)).casefold()
    return "".join(letter for letter in unicodedata.normalize("NFKD", letters) if letter.isalnum())


_KNOWN: dict[str, tuple[str, int]] = {}
for _field, _names in _NAMES.items():
    for _rank, _name in enumerate([_field, *_names.split()]):
        _KNOWN.setdefault(_compared(_name), (_field, _rank))


def guess(header: str) -> str:
    """The field that a column of this name holds; "" where the name does not say."""
    return _meant(header)[0]


@lru_cache(maxsize=4096)
def _meant(header: str) -> tuple[str, int]:
    """The field and how good a name it has, 0 for the best."""
    if len(header) > HEADER_LENGTH:
        return "", 0
    last = re.split(r"[.:/]", header)[-1]
    for place, name in enumerate((_compared(header), _compared(last))):
        for more, said in enumerate((name, _OF_AN_ARTICLE.sub("", name, count=1), name.rstrip("0123456789"))):
            field, rank = _KNOWN.get(said, ("", 0))
            if field and (more < 2 or field in MANY):
                return field, rank + 1000 * (place + more)
    return "", 0


def is_own(headers: Iterable[str]) -> bool:
    """Whether this is a table, or JSON, that an archive of this kind wrote."""
    return {"published_at", "sha256", "source", "title"} <= set(headers)


def assigned(headers: Iterable[str], decided: Mapping[str, str], empty: Container[str] = ()) -> dict[str, str]:
    """Each header with its field. What a person decided comes first; of two guesses at one field the better name has
    it, and the other column is left out, unless the better one is `empty` as far as was looked.

    Raises `UnreadableFile` for a decision that names no field.
    """
    headers = list(headers)
    if wrong := sorted(set(decided.values()) - {"", *FIELDS}):
        raise UnreadableFile(f"There is no field {wrong[0]!r} for a column: the fields are {', '.join(FIELDS)}.")
    fields = {**(_OWN if is_own(headers) else {}), **decided}
    fields = {header: fields[header] for header in headers if header in fields}
    taken = set(fields.values()) - MANY
    for header in sorted((header for header in headers if header not in fields), key=lambda header: _meant(header)[1]):
        field = guess(header)
        fields[header] = "" if field in taken else field
        if header not in empty:
            taken |= {field} - MANY
    return {header: fields[header] for header in headers}
