/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vmlinux that libelf writes here, its checks, and the search for one. */
#include "unit.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <ftw.h>
#include <gelf.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/vmlinux.h"

#define TEXT 0xffffffff81000000ULL
#define DATA 0xffffffff81002000ULL
#define RELEASE "6.1.0-test-amd64"
#define ID "00112233445566778899aabbccddeeff01234567"
#define OFFSET 0x10000000ULL

/* What makes one file differ from another. */
struct form {
	unsigned int machine, type; /* 0: x86-64, ET_EXEC */
	const char *release;        /* NULL: RELEASE */
	unsigned int id_byte;       /* the first of the build-id */
	uint64_t stext;             /* 0: TEXT */
	bool no_id, short_id, no_symbols, nobits, per_cpu_in_image;
};

static char dir[] = "/tmp/test_vmlinux.XXXXXX";
static char file[64];

static const char info[] =
	"OSRELEASE=" RELEASE "\n"
	"BUILD-ID=" ID "\n"
	"PAGESIZE=4096\n"
	"SYMBOL(_stext)=ffffffff91000000\n"
	"SYMBOL(mem_section)=ffff8cfb3edf0000\n"
	"SYMBOL(prb)=ffffffff91002100\n"
	"KERNELOFFSET=10000000\n";
#define NO_ID                                                                 \
	"OSRELEASE=" RELEASE "\nSYMBOL(_stext)=ffffffff91000000\n"            \
	"SYMBOL(prb)=ffffffff91002100\nKERNELOFFSET=10000000\n"

/* The strings of symbols and of sections, as offsets into them. */
static char names[1024];
static size_t names_size;

static uint32_t name(const char *s)
{
	uint32_t at = names_size;

	strcpy(names + at, s);
	names_size += strlen(s) + 1;
	return at;
}

static size_t section(Elf *elf, const char *s, uint32_t type, uint64_t flags,
		      uint64_t addr, void *data, size_t size, Elf_Type form)
{
	Elf_Scn *scn = elf_newscn(elf);
	Elf_Data *d = elf_newdata(scn);
	GElf_Shdr sh;

	d->d_buf = type == SHT_NOBITS ? NULL : data;
	d->d_size = size;
	d->d_type = form;
	d->d_align = 8;
	gelf_getshdr(scn, &sh);
	sh.sh_name = name(s);
	sh.sh_type = type;
	sh.sh_flags = flags;
	sh.sh_addr = addr;
	if (type == SHT_SYMTAB) {
		sh.sh_entsize = sizeof(Elf64_Sym);
		sh.sh_link = elf_ndxscn(scn) + 1;
	}
	gelf_update_shdr(scn, &sh);
	return elf_ndxscn(scn);
}

static void symbol(Elf64_Sym *s, const char *n, uint64_t value, int bind,
		   int type, int shndx)
{
	*s = (Elf64_Sym){ .st_name = name(n), .st_value = value,
			  .st_info = ELF64_ST_INFO(bind, type),
			  .st_shndx = shndx };
}

static void write_symbols(Elf *elf, const struct form *f, Elf64_Sym *s)
{
	uint64_t per_cpu = f->per_cpu_in_image ? DATA + 0x800 : 0;
	unsigned int n = 1;

	symbol(&s[n++], "file.c", TEXT + 0x10, STB_LOCAL, STT_FILE, SHN_ABS);
	symbol(&s[n++], "twice", DATA + 0x10, STB_LOCAL, STT_OBJECT, 3);
	symbol(&s[n++], "second", TEXT + 0x20, STB_LOCAL, STT_FUNC, 1);
	symbol(&s[n++], "_text", TEXT, STB_GLOBAL, STT_NOTYPE, 1);
	symbol(&s[n++], "_stext", f->stext ? f->stext : TEXT, STB_GLOBAL,
	       STT_NOTYPE, 1);
	symbol(&s[n++], "alias", TEXT + 0x20, STB_GLOBAL, STT_FUNC, 1);
	symbol(&s[n++], "a_text_start", TEXT + 0x20, STB_GLOBAL, STT_FUNC, 1);
	symbol(&s[n++], "handler", TEXT + 0x40, STB_GLOBAL, STT_FUNC, 1);
	symbol(&s[n++], "twice", DATA + 0x20, STB_GLOBAL, STT_OBJECT, 3);
	symbol(&s[n++], "prb", DATA + 0x100, STB_GLOBAL, STT_OBJECT, 3);
	symbol(&s[n++], "linux_banner", DATA + 0x200, STB_GLOBAL, STT_OBJECT,
	       3);
	symbol(&s[n++], "__per_cpu_start", per_cpu, STB_GLOBAL, 0, 3);
	symbol(&s[n++], "vector_irq", per_cpu + 0x40, STB_GLOBAL, STT_OBJECT,
	       3);
	symbol(&s[n++], "minus", -16ULL, STB_LOCAL, STT_NOTYPE, SHN_ABS);
	symbol(&s[n++], "_end", DATA + 0x1000, STB_GLOBAL, STT_NOTYPE, 3);
	section(elf, ".symtab", SHT_SYMTAB, 0, 0, s, n * sizeof(*s),
		ELF_T_SYM);
}

static void write_elf(const struct form *f)
{
	static unsigned char text[0x1000], data[0x1000], note[36];
	static const unsigned char id[20] = {
		0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
		0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01, 0x23, 0x45, 0x67 };
	static const uint32_t head[] = { 4, 20, 3, 0x00554e47 };
	uint32_t bits = f->nobits ? SHT_NOBITS : SHT_PROGBITS;
	static Elf64_Sym syms[32];
	size_t strings;
	GElf_Ehdr eh;
	Elf *elf;
	int fd;

	names_size = 1;
	memset(syms, 0, sizeof(syms));
	memcpy(note, head, sizeof(head));
	memcpy(note + 16, id, 20);
	note[16] = f->id_byte;
	snprintf((char *)data + 0x200, 100, "Linux version %s (who) #1",
		 f->release ? f->release : RELEASE);
	elf_version(EV_CURRENT);
	fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	gelf_newehdr(elf, ELFCLASS64);
	section(elf, ".text", bits, SHF_ALLOC, TEXT, text, sizeof(text),
		ELF_T_BYTE);
	section(elf, ".notes", f->no_id ? SHT_PROGBITS : SHT_NOTE, SHF_ALLOC,
		TEXT + 0x1000, note, f->no_id ? 8 : f->short_id ? 35 :
		sizeof(note), ELF_T_BYTE);
	section(elf, ".rodata", bits, SHF_ALLOC, DATA, data, sizeof(data),
		ELF_T_BYTE);
	if (!f->no_symbols)
		write_symbols(elf, f, syms);
	/* last: its own name is in it */
	strings = section(elf, ".strtab", SHT_STRTAB, 0, 0, names, 1024,
			  ELF_T_BYTE);
	gelf_getehdr(elf, &eh);
	eh.e_machine = f->machine ? f->machine : EM_X86_64;
	eh.e_type = f->type ? f->type : ET_EXEC;
	eh.e_ident[EI_DATA] = ELFDATA2LSB;
	eh.e_shstrndx = strings;
	gelf_update_ehdr(elf, &eh);
	assert_true(elf_update(elf, ELF_C_WRITE) > 0);
	elf_end(elf);
	close(fd);
}

static struct irqm_error err;

static struct irqm_vmlinux *open_form(const struct form *f, const char *text)
{
	struct irqm_vmlinux *v;

	write_elf(f);
	err.msg[0] = '\0';
	if (irqm_vmlinux_open(file, text, &v, &err) == 0) {
		assert_non_null(v);
		return v;
	}
	assert_null(v);
	return NULL;
}

static void accepted(const struct form *f, const char *text)
{
	struct irqm_vmlinux *v = open_form(f, text);

	assert_string_equal(err.msg, "");
	assert_non_null(v);
	irqm_vmlinux_close(v);
}

static void refused(const struct form *f, const char *text, const char *why)
{
	assert_null(open_form(f, text));
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" lacks \"%s\"", err.msg, why);
}

static uint64_t value(struct irqm_vmlinux *v, const char *n)
{
	uint64_t x = 1;

	assert_true(irqm_vmlinux_symbol(v, n, &x));
	return x;
}

static void test_symbols(void **state)
{
	struct irqm_vmlinux *v = open_form(&(struct form){ 0 }, info);
	uint64_t x;

	(void)state;
	assert_non_null(v);
	assert_int_equal(value(v, "_stext"), TEXT + OFFSET);
	assert_int_equal(value(v, "_end"), DATA + 0x1000 + OFFSET);
	assert_int_equal(value(v, "vector_irq"), 0x40);
	assert_int_equal(value(v, "minus"), -16ULL);
	assert_int_equal(value(v, "twice"), DATA + 0x20 + OFFSET);
	assert_false(irqm_vmlinux_symbol(v, "file.c", &x));
	assert_false(irqm_vmlinux_symbol(v, "", &x));
	assert_false(irqm_vmlinux_symbol(v, "nothing", &x));
	irqm_vmlinux_close(v);
	v = open_form(&(struct form){ .per_cpu_in_image = true }, info);
	assert_non_null(v);
	assert_int_equal(value(v, "vector_irq"), DATA + 0x840 + OFFSET);
	irqm_vmlinux_close(v);
}

static void test_symbol_at(void **state)
{
	struct irqm_vmlinux *v = open_form(&(struct form){ 0 }, info);
	uint64_t offset;
	char n[16];

	(void)state;
	assert_non_null(v);
	assert_true(irqm_vmlinux_at(v, TEXT + OFFSET + 0x23, n, sizeof(n),
				    &offset));
	assert_string_equal(n, "alias");
	assert_int_equal(offset, 3);
	assert_true(irqm_vmlinux_at(v, TEXT + OFFSET + 0x40, n, 4, &offset));
	assert_string_equal(n, "han");
	assert_int_equal(offset, 0);
	assert_false(irqm_vmlinux_at(v, TEXT + OFFSET - 1, n, sizeof(n),
				     &offset));
	assert_false(irqm_vmlinux_at(v, DATA + OFFSET + 0x1000, n, sizeof(n),
				     &offset));
	assert_false(irqm_vmlinux_at(v, 0x40, n, sizeof(n), &offset));
	irqm_vmlinux_close(v);
}

static void test_identity(void **state)
{
	(void)state;
	refused(&(struct form){ .id_byte = 1 }, info, "another kernel");
	assert_non_null(strstr(err.msg, "build-id 0011"));
	assert_non_null(strstr(err.msg, "build-id 0111"));
	assert_non_null(strstr(err.msg, "dump " RELEASE));
	assert_non_null(strstr(err.msg, "file " RELEASE));
	refused(&(struct form){ .stext = TEXT + 0x10 }, info, "_stext");
	/* the build-id alone, as in a debug file */
	accepted(&(struct form){ .nobits = true }, info);
	refused(&(struct form){ .id_byte = 1, .nobits = true }, info,
		"another kernel");
	refused(&(struct form){ .short_id = true, .release = "6.1.1" }, info,
		"build-id none");
	/* the release alone */
	accepted(&(struct form){ .no_id = true }, info);
	accepted(&(struct form){ 0 }, NO_ID);
	refused(&(struct form){ .release = "6.1.0-test-amd6" }, NO_ID,
		"another kernel");
	refused(&(struct form){ .nobits = true }, NO_ID, "another kernel");
	refused(&(struct form){ 0 },
		"OSRELEASE=" RELEASE "\nKERNELOFFSET=10000000\n"
		"SYMBOL(_stext)=ffffffff91000000\n"
		"SYMBOL(prb)=ffffffff91002108\n", "another kernel");
	refused(&(struct form){ 0 }, "OSRELEASE=" RELEASE "\n", "_stext");
	refused(&(struct form){ 0 }, "", "_stext");
	/* KASLR that is not said */
	refused(&(struct form){ 0 }, "BUILD-ID=" ID "\n"
		"SYMBOL(_stext)=ffffffff91000000\n", "KERNELOFFSET");
}

/* 6.11.3 and others: what stands 12 bytes before the build-id. */
static void test_misread_id(void **state)
{
	static const char misread[] =
		"BUILD-ID=1400000003000000474e55000011223344556677\n" NO_ID;

	(void)state;
	accepted(&(struct form){ 0 }, misread);
	accepted(&(struct form){ .nobits = true }, misread);
	refused(&(struct form){ .id_byte = 1 }, misread, "another kernel");
	refused(&(struct form){ .release = "6.1.1" }, misread,
		"another kernel");
}

static void test_not_a_vmlinux(void **state)
{
	struct irqm_vmlinux *v;
	FILE *f;

	(void)state;
	refused(&(struct form){ .machine = EM_AARCH64 }, info, "not of an x86");
	refused(&(struct form){ .type = ET_REL }, info, "module");
	refused(&(struct form){ .type = ET_CORE }, info, "a dump");
	refused(&(struct form){ .no_symbols = true }, info, "no symbols");
	assert_int_equal(irqm_vmlinux_open(dir, info, &v, &err), -1);
	assert_non_null(strstr(err.msg, "not a file"));
	assert_int_equal(irqm_vmlinux_open("/nowhere", info, &v, &err), -1);
	assert_non_null(strstr(err.msg, "cannot be opened"));
	f = fopen(file, "w");
	fputs("this is no kernel", f);
	fclose(f);
	assert_int_equal(irqm_vmlinux_open(file, info, &v, &err), -1);
	assert_non_null(strstr(err.msg, "not an ELF file"));
	f = fopen(file, "w");
	fclose(f);
	assert_int_equal(irqm_vmlinux_open(file, info, &v, &err), -1);
	assert_non_null(strstr(err.msg, "empty"));
}

static void open_any(void)
{
	struct irqm_vmlinux *v;
	uint64_t x;
	char n[32];

	if (irqm_vmlinux_open(file, info, &v, &err) < 0) {
		assert_true(err.msg[0] != '\0');
		return;
	}
	irqm_vmlinux_symbol(v, "vector_irq", &x);
	irqm_vmlinux_at(v, TEXT + OFFSET + 0x50, n, sizeof(n), &x);
	irqm_vmlinux_close(v);
}

/* No byte of the headers, notes and symbols can do harm; nor can the end. */
static void test_hostile(void **state)
{
	static const unsigned char bytes[] = { 0x00, 0x7f, 0xff };
	unsigned char was;
	struct stat st;
	size_t i;
	off_t at;
	int fd;

	(void)state;
	write_elf(&(struct form){ 0 });
	assert_int_equal(stat(file, &st), 0);
	for (at = 0; at < st.st_size; at++) {
		if (at == 64)
			at = 0x1000; /* .text is not looked at */
		fd = open(file, O_RDWR);
		assert_int_equal(pread(fd, &was, 1, at), 1);
		for (i = 0; i < sizeof(bytes); i++) {
			assert_int_equal(pwrite(fd, &bytes[i], 1, at), 1);
			open_any();
		}
		assert_int_equal(pwrite(fd, &was, 1, at), 1);
		close(fd);
	}
	for (at = st.st_size - 1; at >= 0; at -= at > 4096 ? 61 : 1) {
		assert_int_equal(truncate(file, at), 0);
		open_any();
	}
}

/* A file in the made-up root, with what is in the vmlinux. */
static void install(const char *below)
{
	char path[256];
	size_t i;

	snprintf(path, sizeof(path), "%s%s", dir, below);
	for (i = strlen(dir) + 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		path[i] = '\0';
		mkdir(path, 0700);
		path[i] = '/';
	}
	unlink(path);
	assert_int_equal(link(file, path), 0);
}

static void found(const char *id, const char *release, const char *below)
{
	char *path = irqm_vmlinux_search(dir, id, release, NULL, NULL, &err);

	assert_non_null(path);
	assert_string_equal(path + strlen(dir), below);
	free(path);
}

static void not_found(const char *id, const char *release, const char *why)
{
	assert_null(irqm_vmlinux_search(dir, id, release, NULL, NULL, &err));
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" lacks \"%s\"", err.msg, why);
}

static void write_stripped(const char *path)
{
	unlink(file); /* the places are links to it */
	write_elf(&(struct form){ .no_symbols = true });
	assert_int_equal(rename(file, path), 0);
}

static void test_search(void **state)
{
	static const char by_id[] = "/usr/lib/debug/.build-id/00/"
				    "112233445566778899aabbccddeeff01234567"
				    ".debug";
	static const char *const places[] = {
		"/usr/lib/modules/" RELEASE "/vmlinux",
		"/lib/modules/" RELEASE "/build/vmlinux",
		"/boot/vmlinux-" RELEASE,
		"/usr/lib/debug/usr/lib/modules/" RELEASE "/vmlinux.debug",
		"/usr/lib/debug/lib/modules/" RELEASE "/vmlinux",
		"/usr/lib/debug/boot/vmlinux-" RELEASE,
	};
	char stripped[256];
	size_t i;

	(void)state;
	unsetenv("DEBUGINFOD_URLS");
	write_elf(&(struct form){ 0 });
	not_found(ID, RELEASE, "linux-image-" RELEASE "-dbg");
	not_found(ID, "5.14.0-427.el9.x86_64", "kernel-debuginfo-5.14");
	not_found(ID, "6.4.0-150600.21-default", "kernel-default-debuginfo");
	not_found(ID, "6.8.0-31-generic", "-dbgsym");
	not_found(NULL, "6.8.0", "RELEASE-dbg (Debian)");
	not_found(NULL, NULL, "give the vmlinux");
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		install(places[i]);
		found(ID, RELEASE, places[i]);
		found(NULL, RELEASE, places[i]);
	}
	install(by_id);
	found(ID, RELEASE, by_id);
	found(ID, NULL, by_id);
	found(NULL, RELEASE, places[5]);
	/* of a release that was built again */
	not_found("ff112233445566778899aabbccddeeff01234567", RELEASE,
		  "of this build");
	/* misread by the kernel: as good as none */
	found("1400000003000000474e55000011223344556677", RELEASE, places[5]);
	/* stripped: the next place */
	snprintf(stripped, sizeof(stripped), "%s%s", dir, by_id);
	assert_int_equal(unlink(stripped), 0);
	write_stripped(stripped);
	found(ID, RELEASE, places[5]);
	write_elf(&(struct form){ 0 });
	/* what the dump says is not to be trusted */
	install("/boot/vmlinux-..");
	not_found(NULL, "..", "release");
	not_found(NULL, "../boot/vmlinux", "release");
	not_found(NULL, "x/../../boot", "release");
	not_found(NULL, "%s%n\033", "release");
	not_found("../../../../boot", NULL, "release");
}

/* A debuginfod that has one file: HTTP on one connection at a time. */
static void answer(int c)
{
	static const char wanted[] = "GET /buildid/" ID "/debuginfo ";
	static char body[1 << 16];
	char request[4096];
	ssize_t n = read(c, request, sizeof(request) - 1);
	size_t size = 0;
	FILE *f;

	request[n > 0 ? n : 0] = '\0';
	if (strncmp(request, wanted, sizeof(wanted) - 1) == 0) {
		f = fopen(file, "r");
		size = f ? fread(body, 1, sizeof(body), f) : 0;
	}
	dprintf(c, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n"
		"Connection: close\r\n\r\n",
		size ? "200 OK" : "404 Not Found", size);
	while (size) {
		n = write(c, body, size);
		if (n <= 0)
			break;
		memmove(body, body + n, size - n);
		size -= n;
	}
	close(c);
}

static pid_t serve(unsigned int *ret_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(s, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(s, 4), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&a, &len), 0);
	*ret_port = ntohs(a.sin_port);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(30);
		for (;;)
			answer(accept(s, NULL, NULL));
	}
	close(s);
	return pid;
}

static void on_progress(void *ctx, const char *what, unsigned int percent)
{
	assert_string_equal(what, "debuginfod");
	assert_in_range(percent, 0, 100);
	++*(unsigned int *)ctx;
}

static void test_debuginfod(void **state)
{
	char url[64], cache[96], *path;
	unsigned int port, calls = 0;
	struct irqm_vmlinux *v;
	pid_t pid;

	(void)state;
	if (!dlopen("libdebuginfod.so.1", RTLD_NOW))
		skip();
	write_elf(&(struct form){ 0 });
	pid = serve(&port);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", port);
	snprintf(cache, sizeof(cache), "%s/cache", dir);
	setenv("DEBUGINFOD_URLS", url, 1);
	setenv("DEBUGINFOD_CACHE_PATH", cache, 1);
	setenv("no_proxy", "127.0.0.1", 1);
	path = irqm_vmlinux_search("/nowhere", ID, RELEASE, on_progress,
				   &calls, &err);
	assert_null(irqm_vmlinux_search(
		"/nowhere", "ff112233445566778899aabbccddeeff01234567",
		RELEASE, NULL, NULL, &err));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	unsetenv("DEBUGINFOD_URLS");
	assert_non_null(strstr(err.msg, "nor at DEBUGINFOD_URLS"));
	assert_non_null(path);
	assert_memory_equal(path, cache, strlen(cache));
	assert_true(calls > 0);
	assert_int_equal(irqm_vmlinux_open(path, info, &v, &err), 0);
	irqm_vmlinux_close(v);
	free(path);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof(file), "%s/vmlinux", dir);
	return 0;
}

static int forget(const char *path, const struct stat *st, int type,
		  struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int teardown(void **state)
{
	(void)state;
	return nftw(dir, forget, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_symbol_at),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_misread_id),
		cmocka_unit_test(test_not_a_vmlinux),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_debuginfod),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
