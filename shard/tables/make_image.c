/* make_image TOKENIZER IMAGE ASSEMBLER: the image of a tokenizer (image.h), and what makes it a part of the program. Run by the build. */
#include "core/zin.h"
#include "core/zout.h"
#include "shard/image.h"

#include <stdio.h>

/* This program has no tokenizer built in. */
extern const char vocab_builtin[], vocab_builtin_end[];
const char vocab_builtin[1], vocab_builtin_end[1];

static int make(const char *from, const char *to, const char *assembler, struct err *e)
{
	struct vocab *v = NULL;
	struct buf image, text;
	char *json = NULL;
	size_t n = 0;
	const char *slash = strrchr(to, '/');
	buf_init(&image, BUF_NO_MAX);
	buf_init(&text, BUF_NO_MAX);
	int rc = zin_slurp(from, VOCAB_FILE_MAX, &json, &n, e);
	if (!rc)
		rc = vocab_read(&v, (struct str){json, n}, from, e);
	if (!rc)
		rc = image_write(v, (struct str){json, n}, &image, e);
	if (!rc)
		rc = zout_file(to, buf_view(&image), e);
	buf_printf(&text, "\t.section .rodata\n\t.globl vocab_builtin, vocab_builtin_end\n\t.balign 64\nvocab_builtin:\n\t.incbin \"%s\"\nvocab_builtin_end:\n\t.byte 0\n", slash ? slash + 1 : to);
	buf_z(&text, "#if defined(__linux__) && defined(__ELF__)\n\t.section .note.GNU-stack, \"\", %progbits\n#endif\n");
	if (!rc)
		rc = zout_file(assembler, buf_view(&text), e);
	vocab_free(v);
	buf_free(&image);
	buf_free(&text);
	free(json);
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = {0};
	char text[1200];
	if (argc == 4 && make(argv[1], argv[2], argv[3], &e) == 0)
		return 0;
	fprintf(stderr, "make_image: %s\n", argc == 4 ? err_text(&e, text, sizeof(text)) : "TOKENIZER IMAGE ASSEMBLER");
	return 1;
}
