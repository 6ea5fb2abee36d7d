/* replay: runs a fuzz target over files given, or over every file of folders given, and over inputs drawn from a fixed seed:
 * short random strings, and cuts and byte flips of each file. Same properties as under libFuzzer, as an ordinary test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t seed = 0x9E3779B97F4A7C15u;
static unsigned ran;

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % below;
}

/* A copy of exactly its size, so that a read past the end is seen. */
static void run(const uint8_t *p, size_t n)
{
	uint8_t *exact = malloc(n ? n : 1);
	if (n)
		memcpy(exact, p, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	ran++;
}

static void run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return;
	static uint8_t bytes[1 << 20], changed[1 << 20];
	size_t n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	run(bytes, n);
	for (int i = 0; i < 40 && n; i++) {
		run(bytes, draw((uint32_t)n));
		memcpy(changed, bytes, n);
		for (uint32_t k = 1 + draw(4); k; k--)
			changed[draw((uint32_t)n)] ^= (uint8_t)(1u << draw(8));
		run(changed, n);
	}
}

static void run_folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char full[4096];
		snprintf(full, sizeof(full), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			run_file(full);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	else
		run_file(path);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		run_folder(argv[i]);
	uint8_t random[512];
	for (int i = 0; i < 2000; i++) {
		uint32_t n = draw(sizeof(random));
		for (uint32_t k = 0; k < n; k++)
			random[k] = (uint8_t)draw(256);
		run(random, n);
	}
	printf("%u inputs\n", ran);
	return 0;
}
