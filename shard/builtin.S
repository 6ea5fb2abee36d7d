/* The default tokenizer, compressed, inside the program. */
	.section .rodata
	.globl vocab_builtin, vocab_builtin_end
	.balign 16
vocab_builtin:
	.incbin "default.json.zst"
vocab_builtin_end:
	.byte 0
#if defined(__linux__) && defined(__ELF__)
	.section .note.GNU-stack, "", %progbits
#endif
