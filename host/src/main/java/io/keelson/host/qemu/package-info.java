/**
 * Runs domains on QEMU: one process a domain, driven over QMP, outliving this process.
 *
 * <p>{@link io.keelson.host.qemu.QemuCompute} is the entry. It keeps a {@link
 * io.keelson.host.qemu.RunFolder} a domain, builds a {@link io.keelson.host.qemu.CommandLine},
 * starts a {@link io.keelson.host.qemu.QemuProcess} and holds a {@link
 * io.keelson.host.qemu.LiveDomain} that speaks to it through {@link io.keelson.host.qemu.qmp.Qmp}.
 */
@NullMarked
package io.keelson.host.qemu;

import org.jspecify.annotations.NullMarked;
