/* tiny: tokenizers small enough to be written out, put into a file of the working folder for vocab_open. */
#pragma once
#include "core/zout.h"
#include "shard/vocab.h"

#include <stdio.h>
#include <unistd.h>

/* The SentencePiece kind without fallback: a, b, c, U+2581 and what merges from them. */
#define TINY_SPACED                                                                                                                                            \
	"{\"added_tokens\":[{\"id\":0,\"content\":\"<s>\",\"special\":true,\"normalized\":false}],\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":["       \
	"{\"type\":\"Prepend\",\"prepend\":\"\u2581\"},{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}]},"                           \
	"\"pre_tokenizer\":null,\"model\":{\"type\":\"BPE\",\"unk_token\":\"?\",\"fuse_unk\":true,\"byte_fallback\":false,\"vocab\":{\"<s>\":0,\"?\":1,"         \
	"\"a\":2,\"b\":3,\"c\":4,\"\u2581\":5,\"ab\":6,\"bc\":7,\"abc\":8,\"\u2581a\":9},\"merges\":[\"b c\",\"a b\",\"a bc\",\"\u2581 a\"]}}"

static inline int tiny_open(struct vocab **v, const char *json, struct err *e)
{
	char path[64];
	snprintf(path, sizeof(path), "tiny-%d.json", (int)getpid());
	FILE *f = fopen(path, "w");
	fputs(json, f);
	fclose(f);
	int rc = vocab_open(v, path, e);
	unlink(path);
	return rc;
}
