package io.keelson.control.vm.power;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the server's configuration says about running VMs.
 *
 * @param kernelFolders where kernels and RAM disks may be that a VM names, so that nobody can have
 *     any file of the host read to a guest
 * @param cleanPatience how long a guest may take to power off or reboot when asked to
 * @param shutdownPatience the same for VM.shutdown, which cuts the power then
 * @param handover how long a forced shutdown waits for what is under way to give up
 */
public record LifecycleSettings(
    List<Path> kernelFolders,
    Duration cleanPatience,
    Duration shutdownPatience,
    Duration handover) {
  public LifecycleSettings {
    kernelFolders = List.copyOf(kernelFolders);
  }

  /** The usual patience, with kernels in these folders. */
  public static LifecycleSettings withKernels(List<Path> folders) {
    return new LifecycleSettings(
        folders, Duration.ofMinutes(20), Duration.ofMinutes(2), Duration.ofSeconds(30));
  }
}
