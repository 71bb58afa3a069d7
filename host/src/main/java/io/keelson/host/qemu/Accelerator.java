package io.keelson.host.qemu;

/** What runs a guest's instructions. */
enum Accelerator {
  /** The processor itself, through the kernel. */
  KVM("kvm", "host"),
  /**
   * QEMU's translator: works everywhere, many times slower. Guests that believe its string
   * instructions to be fast take twice as long to boot, so these are not offered.
   */
  TCG("tcg", "max,-erms,-fsrm");

  private final String option;
  private final String processorModel;

  Accelerator(String option, String processorModel) {
    this.option = option;
    this.processorModel = processorModel;
  }

  /** Its name on QEMU's command line. */
  String option() {
    return option;
  }

  /** The processor model that offers guests all that it can do. */
  String processorModel() {
    return processorModel;
  }
}
