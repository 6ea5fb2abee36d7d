/* The models, as they are in the folder models/, inside the program: nothing to find and nothing to load at start. */
	.section .rodata
	.globl judge_model_language, judge_model_language_end, judge_model_variety, judge_model_variety_end
	.balign 64
judge_model_language:
	.incbin "language.bin"
judge_model_language_end:
	.balign 64
judge_model_variety:
	.incbin "variety.bin"
judge_model_variety_end:
	.byte 0
#if defined(__linux__) && defined(__ELF__)
	.section .note.GNU-stack, "", %progbits
#endif
