/* cue: words that say what a piece of a page is: those of its text ("newsletter", "direitos", "por"), and those in which its makers named
 * the element ("sidebar", "post-body"). A table made by tables/make_cue.py; groups and their words are listed there. */
#pragma once
#include "core/str.h"

enum cue {
	CUE_STOP, CUE_CONSENT, CUE_RIGHTS, CUE_SHARE, CUE_SUBSCRIBE, CUE_COMMENT, CUE_RELATED, CUE_LOGIN, CUE_SEARCH, CUE_ADS, CUE_BYLINE, CUE_NAV,
	CUE_TAGS, CUE_PRINT, CUE_SHOP, CUE_CONTACT, CUE_DATE, CUE_DONATE, CUE_FORUM, CUE_MORE, CUE_TERMS, CUE_PORTUGUESE, CUE_BROWSER,
	CUES
};

enum look {
	LOOK_CONTENT, LOOK_ARTICLE, LOOK_POST, LOOK_BODY, LOOK_MAIN, LOOK_COMMENT, LOOK_NAV, LOOK_SIDE, LOOK_FOOTER, LOOK_HEADER, LOOK_RELATED, LOOK_SHARE,
	LOOK_AD, LOOK_CONSENT, LOOK_FORM, LOOK_CRUMB, LOOK_META, LOOK_TAG, LOOK_LIST, LOOK_WIDGET, LOOK_TITLE, LOOK_CAPTION, LOOK_PAGER, LOOK_PRODUCT,
	LOOK_THREAD, LOOK_USER, LOOK_HIDDEN, LOOK_SUMMARY, LOOK_LAYOUT, LOOK_PRINT, LOOK_FAQ, LOOK_RECIPE, LOOK_REF, LOOK_SECTION,
	LOOKS
};

/* Hash of a word, byte by byte (FNV-1a): start with CUE_HASH, add lower-case bytes. */
#define CUE_HASH 0x811C9DC5u
static inline uint32_t cue_hash(uint32_t h, unsigned char c)
{
	return (h ^ c) * 0x01000193u;
}

/* Groups of a word of text, 1 << enum cue; 0 for most words. */
uint32_t cue_text(uint32_t hash);
/* Groups of a value of class, id, role or itemprop, 1 << enum look: its words are what is left between anything but letters, and the
 * parts of camelCase. */
uint64_t cue_look(struct str value);

/* Values that were seen before in the same page, which names its elements alike by the hundred. Zeroed to begin with, and for each page. */
enum { CUE_MEMORY = 256 };
struct cue_memory {
	struct {
		const char *p;
		size_t n;
		uint64_t groups;
	} seen[CUE_MEMORY];
};
/* cue_look, from memory if it can. */
uint64_t cue_look_again(struct cue_memory *m, struct str value);
