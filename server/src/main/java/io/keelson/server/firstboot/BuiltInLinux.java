package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.store.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The template of the small Linux guest that comes with the product: no disk, no installation. */
final class BuiltInLinux {
  private static final Logger LOG = LoggerFactory.getLogger(BuiltInLinux.class);
  static final String NAME = "Built-in Linux";
  private static final long MEMORY_MIB = 128;
  private static final String ARGUMENTS = "console=ttyS0 quiet no_timer_check tsc=reliable";
  private static final String MARK = "builtin_guest";

  private BuiltInLinux() {}

  /**
   * Makes the template if the folder has the guest and there is none, or has the one there boot
   * from the folder.
   */
  static void refresh(Transaction tx, Path folder) {
    Path kernel = folder.resolve("vmlinuz").toAbsolutePath();
    Path ramdisk = folder.resolve("initrd").toAbsolutePath();
    if (!Files.isReadable(kernel) || !Files.isReadable(ramdisk)) {
      LOG.warn("no built-in guest: {} lacks vmlinuz or initrd", folder);
      return;
    }
    Ref<Vm> template = find(tx).orElseGet(() -> Templates.make(tx, blank()));
    tx.update(
        ApiModel.VM,
        template,
        vm -> vm.with(b -> b.pvKernel(kernel.toString()).pvRamdisk(ramdisk.toString())));
  }

  private static Optional<Ref<Vm>> find(Transaction tx) {
    return tx.table(ApiModel.VM).byNameLabel(NAME).stream()
        .filter(ref -> tx.get(ApiModel.VM, ref).isATemplate())
        .filter(ref -> tx.get(ApiModel.VM, ref).otherConfig().containsKey(MARK))
        .findFirst();
  }

  private static Vm blank() {
    return Templates.blank(
            NAME, "A small Linux that boots to a shell on its serial console", MEMORY_MIB)
        .with(b ->
            b.pvArgs(ARGUMENTS)
                .platform(Map.of("acpi", "1", "apic", "true", "nx", "true", "pae", "true"))
                .otherConfig(
                    Map.of("default_template", "true", "linux_template", "true", MARK, "true")));
  }
}
