/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/libvirt.h"

#include <dlfcn.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* QEMU's xhci has 16 interrupters. */
#define XHCI_MAX 16
/* Vectors of an igb that QEMU plays, besides the one for the card. */
#define IGB_MAX 8

/* Bytes of the names of elements and attributes that differ. libxml2 finds one
 * among n in a time that grows with n. */
#define NAMES_MAX (128 << 10)
/* MAX_NUMNODES is at most 1024. */
#define CELLS_MAX 1024

#define NO_DOCTYPE "has a DOCTYPE, which no domain of libvirt has"

struct domain {
	const char *name;
	struct irqm_machine_keys *k;
	struct irqm_libvirt *ret;
	struct irqm_error *err;
	unsigned int vcpus; /* at most */
	bool one_queue;     /* before QEMU 5.2 the default is one queue */
	struct kind {
		char text[64];
		unsigned int count;
	} kinds[IRQM_LIBVIRT_KINDS];
	unsigned int nr_kinds;
	bool failed;
};

static void refuse_domain(struct domain *d, const char *what)
{
	if (!d->failed)
		irqm_error_set(d->err, "%s: %s", d->name, what);
	d->failed = true;
}

/*
 * XML.
 */

#define FUNCTIONS(F)                                                           \
	F(xmlNewParserCtxt)                                                    \
	F(xmlFreeParserCtxt)                                                   \
	F(xmlDictSetLimit)                                                     \
	F(xmlCtxtReadMemory)                                                   \
	F(xmlFreeDoc)                                                          \
	F(xmlDocGetRootElement)                                                \
	F(xmlGetNoNsProp)                                                      \
	F(xmlNodeGetContent)

/* Filled once, never unloaded. */
static struct {
#define POINTER(name) __typeof__(name) *name;
	FUNCTIONS(POINTER)
	xmlFreeFunc *free; /* the library's variable xmlFree */
} lib;

int irqm_libvirt_load(struct irqm_error *err)
{
	void *so = dlopen(IRQM_LIBXML, RTLD_NOW | RTLD_LOCAL);

	if (!so)
		goto missing;
#define LOOK_UP(function)                                                      \
	lib.function = (__typeof__(lib.function))dlsym(so, #function);         \
	if (!lib.function)                                                     \
		goto missing;
	FUNCTIONS(LOOK_UP)
	lib.free = dlsym(so, "xmlFree");
	if (lib.free)
		return 0;
missing:
	irqm_error_set(err, "--libvirt needs libxml2, which cannot be loaded: "
			    "install " IRQM_LIBXML);
	return -1;
}

static bool is_element(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)n->name, name) == 0;
}

static xmlNode *child_of(const xmlNode *parent, const char *name)
{
	xmlNode *n;

	for (n = parent ? parent->children : NULL; n; n = n->next)
		if (is_element(n, name))
			return n;
	return NULL;
}

/* Copies an attribute into buf; "" if there is none. Returns buf. */
static const char *get_attribute(const xmlNode *n, const char *name, char *buf,
				 size_t size)
{
	xmlChar *value = n ? lib.xmlGetNoNsProp(n, (const xmlChar *)name) :
			     NULL;

	snprintf(buf, size, "%s", value ? (const char *)value : "");
	(*lib.free)(value);
	return buf;
}

static bool has_value(const xmlNode *n, const char *name, const char *value)
{
	char buf[64];

	return strcmp(get_attribute(n, name, buf, sizeof(buf)), value) == 0;
}

/* A number from 1 to most; otherwise if there is none or it is no such. */
static unsigned int number_of(const xmlNode *n, const char *name,
			      unsigned int most, unsigned int otherwise)
{
	char buf[32], *end;
	unsigned long v;

	v = strtoul(get_attribute(n, name, buf, sizeof(buf)), &end, 10);
	if (buf[0] < '0' || buf[0] > '9' || *end || !v || v > most)
		return otherwise;
	return (unsigned int)v;
}

/*
 * CPUs.
 */

static void read_vcpus(struct domain *d, const xmlNode *root)
{
	xmlNode *n = child_of(root, "vcpu");
	xmlChar *text = n ? lib.xmlNodeGetContent(n) : NULL;
	unsigned long v = text ? strtoul((const char *)text, NULL, 10) : 1;

	(*lib.free)(text);
	if (!v || v > IRQM_MACHINE_MAX_CPUS) {
		refuse_domain(d, "<vcpu> is no number of CPUs");
		return;
	}
	d->vcpus = (unsigned int)v;
	d->k->cpus = number_of(n, "current", d->vcpus, d->vcpus);
	d->k->possible = d->vcpus;
}

/* With CPUs that can be plugged in later, it does not describe those that are
 * there. */
static void read_topology(struct domain *d, const xmlNode *cpu)
{
	xmlNode *t = child_of(cpu, "topology");
	struct irqm_machine_keys *k = d->k;
	unsigned int dies = number_of(t, "dies", IRQM_MACHINE_MAX_CPUS, 1);
	unsigned int sockets =
		number_of(t, "sockets", IRQM_MACHINE_MAX_CPUS, 1);

	if (!t || k->cpus != d->vcpus)
		return;
	k->threads = number_of(t, "threads", IRQM_MACHINE_MAX_CPUS, 1);
	k->cores = number_of(t, "cores", IRQM_MACHINE_MAX_CPUS, 1);
	if ((uint64_t)sockets * dies > IRQM_MACHINE_MAX_CPUS)
		refuse_domain(d, "<topology> has too many sockets");
	k->sockets = sockets * dies;
}

static void read_cell(struct domain *d, const xmlNode *cell, int id)
{
	char list[1024];
	struct irqm_bits b = irqm_bits_new(d->k->arena, d->vcpus);
	struct irqm_error why;
	unsigned int cpu;

	get_attribute(cell, "cpus", list, sizeof(list));
	if (!*list)
		return; /* memory only */
	if (!b.words || irqm_bits_parse(&b, list, &why)) {
		refuse_domain(d, "a NUMA cell's cpus= is no list of its CPUs");
		return;
	}
	irqm_bits_for_each(cpu, &b)
		d->ret->nodes[cpu] = id;
}

static void read_cells(struct domain *d, const xmlNode *cpu)
{
	xmlNode *numa = child_of(cpu, "numa"), *n;
	unsigned int i;
	int id = 0;

	if (!numa || d->failed)
		return;
	d->ret->nodes =
		irqm_arena_alloc(d->k->arena, d->vcpus, sizeof(*d->ret->nodes));
	if (!d->ret->nodes) {
		refuse_domain(d, "out of memory");
		return;
	}
	for (i = 0; i < d->vcpus; i++)
		d->ret->nodes[i] = -1;
	for (n = numa->children; n; n = n->next) {
		if (!is_element(n, "cell"))
			continue;
		if (id == CELLS_MAX) {
			refuse_domain(d, "too many NUMA cells");
			return;
		}
		read_cell(d, n, (int)number_of(n, "id", CELLS_MAX - 1, id));
		id++;
	}
}

/* "pc-q35-4.1": QEMU 5.2 made one queue for each CPU the default. */
static void read_machine_type(struct domain *d, const xmlNode *root)
{
	unsigned int major, minor;
	char type[64], *version;

	get_attribute(child_of(child_of(root, "os"), "type"), "machine", type,
		      sizeof(type));
	version = strrchr(type, '-');
	if (version && sscanf(version, "-%4u.%4u", &major, &minor) == 2)
		d->one_queue = major < 5 || (major == 5 && minor < 2);
}

/*
 * Devices.
 */

__attribute__((format(printf, 2, 3))) static void
add_device(struct domain *d, const char *format, ...)
{
	char text[sizeof(d->kinds[0].text)];
	unsigned int i;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	for (i = 0; i < d->nr_kinds; i++) {
		if (strcmp(d->kinds[i].text, text) == 0) {
			d->kinds[i].count++;
			return;
		}
	}
	if (d->nr_kinds == IRQM_LIBVIRT_KINDS) {
		refuse_domain(d, "too many kinds of devices");
		return;
	}
	memcpy(d->kinds[d->nr_kinds].text, text, sizeof(text));
	d->kinds[d->nr_kinds++].count = 1;
}

/* Queues of a device: as <driver queues=> says, else the default, but no more
 * than the guest has CPUs. */
static unsigned int queues_of(const struct domain *d, const xmlNode *device)
{
	unsigned int n = number_of(child_of(device, "driver"), "queues", 65535,
				   d->one_queue ? 1 : d->vcpus);

	return n < d->vcpus ? n : d->vcpus;
}

static void read_disk(struct domain *d, const xmlNode *n)
{
	if (has_value(child_of(n, "target"), "bus", "virtio"))
		add_device(d, "virtio_blk:%u", queues_of(d, n));
}

static void read_interface(struct domain *d, const xmlNode *n)
{
	xmlNode *model = child_of(n, "model");

	if (has_value(n, "type", "hostdev"))
		d->ret->passed_through++;
	else if (has_value(model, "type", "virtio"))
		add_device(d, "virtio_net:%u",
			   number_of(child_of(n, "driver"), "queues", 256, 1));
	else if (has_value(model, "type", "e1000e"))
		add_device(d, "e1000e:0");
	else if (has_value(model, "type", "igb"))
		add_device(d, "igb:%u",
			   irqm_lesser_of(2 * d->k->cpus, IGB_MAX));
	else if (has_value(model, "type", "vmxnet3"))
		add_device(d, "vmxnet3:%u", irqm_lesser_of(d->k->cpus, 8));
}

static void read_controller(struct domain *d, const xmlNode *n)
{
	char model[64];

	get_attribute(n, "model", model, sizeof(model));
	if (has_value(n, "type", "pci") &&
	    (strcmp(model, "pcie-root-port") == 0 ||
	     strncmp(model, "pcie-switch-", 12) == 0))
		add_device(d, "pcieport:0");
	else if (has_value(n, "type", "scsi") && !strncmp(model, "virtio", 6))
		add_device(d, "virtio_scsi:%u", queues_of(d, n));
	else if (has_value(n, "type", "usb") && strstr(model, "xhci"))
		add_device(d, "xhci_hcd:%u",
			   irqm_lesser_of(d->k->cpus + 1, XHCI_MAX));
	else if (has_value(n, "type", "sata"))
		add_device(d, "ahci:0");
	/* its table of two vectors is smaller than the driver wants */
	else if (has_value(n, "type", "virtio-serial"))
		add_device(d, "virtio_console:0,vectors=2+0");
}

static void read_hostdev(struct domain *d, const xmlNode *n)
{
	if (has_value(n, "type", "pci"))
		d->ret->passed_through++;
}

static void read_video(struct domain *d, const xmlNode *n)
{
	if (has_value(child_of(n, "model"), "type", "virtio"))
		add_device(d, "virtio_gpu:0");
}

static void read_rng(struct domain *d, const xmlNode *n)
{
	if (has_value(n, "model", "virtio"))
		add_device(d, "virtio_rng:0");
}

/* These have a table of two vectors, or three, which is too small for all. */
static void read_input(struct domain *d, const xmlNode *n)
{
	if (has_value(n, "bus", "virtio"))
		add_device(d, "virtio_input:0,vectors=2+0");
}

static void read_crypto(struct domain *d, const xmlNode *n)
{
	if (has_value(n, "model", "virtio"))
		add_device(d, "virtio_crypto:0,vectors=2+0");
}

static void read_vsock(struct domain *d, const xmlNode *n)
{
	(void)n;
	add_device(d, "vmw_vsock_virtio_transport:0,vectors=2+0");
}

static void read_filesystem(struct domain *d, const xmlNode *n)
{
	if (has_value(child_of(n, "driver"), "type", "virtiofs"))
		add_device(d, "virtiofs:1");
}

static void read_iommu(struct domain *d, const xmlNode *n)
{
	if (has_value(n, "model", "intel"))
		d->k->remapping = IRQM_LEVEL_IR;
	else if (has_value(n, "model", "amd"))
		d->k->remapping = IRQM_LEVEL_AMD_IR;
}

static void read_devices(struct domain *d, const xmlNode *devices)
{
	static const struct {
		const char *name;
		void (*read)(struct domain *d, const xmlNode *n);
	} readers[] = {
		{ "disk", read_disk },
		{ "interface", read_interface },
		{ "hostdev", read_hostdev },
		{ "controller", read_controller },
		{ "video", read_video },
		{ "rng", read_rng },
		{ "input", read_input },
		{ "crypto", read_crypto },
		{ "vsock", read_vsock },
		{ "iommu", read_iommu },
		{ "filesystem", read_filesystem },
	};
	unsigned int i;
	xmlNode *n;

	for (n = devices ? devices->children : NULL; n; n = n->next)
		for (i = 0; i < ARRAY_SIZE(readers); i++)
			if (is_element(n, readers[i].name))
				readers[i].read(d, n);
}

/* Ports come first, because their driver is part of the kernel; the others in
 * the order in which the XML has them. */
static void make_wishes(struct domain *d)
{
	struct irqm_libvirt *ret = d->ret;
	unsigned int pass, i;
	char text[96];

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < d->nr_kinds; i++) {
			const struct kind *k = &d->kinds[i];
			bool port = strncmp(k->text, "pcieport", 8) == 0;

			if (port != (pass == 0))
				continue;
			snprintf(text, sizeof(text), "%sx%u", k->text,
				 k->count);
			ret->wishes[ret->nr].kind = IRQM_PLAN_ADD;
			ret->wishes[ret->nr].arg = irqm_arena_strdup(
				d->k->arena, k->count > 1 ? text : k->text);
			if (!ret->wishes[ret->nr++].arg)
				refuse_domain(d, "out of memory");
		}
	}
}

static void read_domain(struct domain *d, const xmlNode *root)
{
	xmlNode *cpu = child_of(root, "cpu");

	read_vcpus(d, root);
	if (d->failed)
		return;
	read_topology(d, cpu);
	read_cells(d, cpu);
	read_machine_type(d, root);
	read_devices(d, child_of(root, "devices"));
	make_wishes(d);
}

/* Returns NULL if it is not XML, or has too many names. */
static xmlDoc *parse_xml(const char *text, size_t len)
{
	xmlParserCtxt *ctxt = lib.xmlNewParserCtxt();
	xmlDoc *doc;

	if (!ctxt)
		return NULL;
	lib.xmlDictSetLimit(ctxt->dict, NAMES_MAX);
	doc = lib.xmlCtxtReadMemory(ctxt, text, (int)len, NULL, NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR |
					    XML_PARSE_NOWARNING);
	lib.xmlFreeParserCtxt(ctxt);
	return doc;
}

int irqm_libvirt_read(const char *name, const char *text, size_t len,
		      struct irqm_machine_keys *k, struct irqm_libvirt *ret,
		      struct irqm_error *err)
{
	struct domain d = { .name = name, .k = k, .ret = ret, .err = err };
	xmlNode *root;
	xmlDoc *doc;

	*ret = (struct irqm_libvirt){ .nr = 0 };
	if (memmem(text, len, "<!DOCTYPE", 9)) {
		refuse_domain(&d, NO_DOCTYPE);
		return -1;
	}
	doc = parse_xml(text, len);
	if (!doc) {
		refuse_domain(&d, "is not XML; `virsh dumpxml` writes what is "
				  "expected");
		return -1;
	}
	root = lib.xmlDocGetRootElement(doc);
	if (doc->intSubset)
		refuse_domain(&d, NO_DOCTYPE);
	else if (!root || !is_element(root, "domain"))
		refuse_domain(&d, "its first element is not <domain>; `virsh "
				  "dumpxml` writes what is expected");
	else
		read_domain(&d, root);
	lib.xmlFreeDoc(doc);
	return d.failed ? -1 : 0;
}

void irqm_libvirt_place(const struct irqm_libvirt *l, struct irqm_machine *m)
{
	unsigned int cpu;

	for (cpu = 0; l->nodes && cpu < m->nr_cpu_ids; cpu++)
		if (l->nodes[cpu] >= 0)
			m->cpus[cpu].node = l->nodes[cpu];
}
