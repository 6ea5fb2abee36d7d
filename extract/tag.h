/* tag: the elements of HTML by name: what the standard and its predecessors define, in order of name (a perfect hash made by
 * tables/make_tag.py; the two lists are kept equal by an assertion in tag.c). */
#pragma once
#include "core/str.h"

enum tag {
	TAG_NONE, /* a name that is not in the list */
	TAG_A, TAG_ABBR, TAG_ACRONYM, TAG_ADDRESS, TAG_APPLET, TAG_AREA, TAG_ARTICLE, TAG_ASIDE, TAG_AUDIO, TAG_B, TAG_BASE,
	TAG_BASEFONT, TAG_BDI, TAG_BDO, TAG_BGSOUND, TAG_BIG, TAG_BLINK, TAG_BLOCKQUOTE, TAG_BODY, TAG_BR, TAG_BUTTON,
	TAG_CANVAS, TAG_CAPTION, TAG_CENTER, TAG_CITE, TAG_CODE, TAG_COL, TAG_COLGROUP, TAG_DATA, TAG_DATALIST, TAG_DD,
	TAG_DEL, TAG_DETAILS, TAG_DFN, TAG_DIALOG, TAG_DIR, TAG_DIV, TAG_DL, TAG_DT, TAG_EM, TAG_EMBED, TAG_FIELDSET,
	TAG_FIGCAPTION, TAG_FIGURE, TAG_FONT, TAG_FOOTER, TAG_FOREIGNOBJECT, TAG_FORM, TAG_FRAME, TAG_FRAMESET, TAG_H1,
	TAG_H2, TAG_H3, TAG_H4, TAG_H5, TAG_H6, TAG_HEAD, TAG_HEADER, TAG_HGROUP, TAG_HR, TAG_HTML, TAG_I, TAG_IFRAME,
	TAG_ILAYER, TAG_IMAGE, TAG_IMG, TAG_INPUT, TAG_INS, TAG_ISINDEX, TAG_KBD, TAG_KEYGEN, TAG_LABEL, TAG_LAYER,
	TAG_LEGEND, TAG_LI, TAG_LINK, TAG_LISTING, TAG_MAIN, TAG_MAP, TAG_MARK, TAG_MARQUEE, TAG_MATH, TAG_MENU,
	TAG_MENUITEM, TAG_META, TAG_METER, TAG_NAV, TAG_NOBR, TAG_NOEMBED, TAG_NOFRAMES, TAG_NOLAYER, TAG_NOSCRIPT,
	TAG_OBJECT, TAG_OL, TAG_OPTGROUP, TAG_OPTION, TAG_OUTPUT, TAG_P, TAG_PARAM, TAG_PICTURE, TAG_PLAINTEXT, TAG_PRE,
	TAG_PROGRESS, TAG_Q, TAG_RB, TAG_RBC, TAG_RP, TAG_RT, TAG_RTC, TAG_RUBY, TAG_S, TAG_SAMP, TAG_SCRIPT, TAG_SEARCH,
	TAG_SECTION, TAG_SELECT, TAG_SLOT, TAG_SMALL, TAG_SOURCE, TAG_SPACER, TAG_SPAN, TAG_STRIKE, TAG_STRONG, TAG_STYLE,
	TAG_SUB, TAG_SUMMARY, TAG_SUP, TAG_SVG, TAG_TABLE, TAG_TBODY, TAG_TD, TAG_TEMPLATE, TAG_TEXTAREA, TAG_TFOOT, TAG_TH,
	TAG_THEAD, TAG_TIME, TAG_TITLE, TAG_TR, TAG_TRACK, TAG_TT, TAG_U, TAG_UL, TAG_VAR, TAG_VIDEO, TAG_WBR, TAG_XMP,
	TAGS
};

/* The first eight bytes of a name (n > 0) in lower case, little end first. Bytes that are not letters get bit 5 set too, so equal keys of
 * names without control characters mean equal names. room: bytes that may be read at p, at least n. */
static inline uint64_t tag_key(const char *p, size_t n, size_t room)
{
	uint64_t v = 0, keep = n >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * n) - 1;
	if (room >= 8) /* one load: a length that is not known here would be a call */
		memcpy(&v, p, 8);
	else
		memcpy(&v, p, n);
	return (v | 0x2020202020202020u) & keep;
}

/* In any case of letters; TAG_NONE when it is none of them. */
enum tag tag_find(struct str name);
/* The same for a name whose key is known. */
enum tag tag_of_key(uint64_t key, struct str name);
/* In lower case; "" for TAG_NONE. */
struct str tag_name(enum tag t);
