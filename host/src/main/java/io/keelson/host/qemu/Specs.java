package io.keelson.host.qemu;

import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.GuestFacts;
import io.keelson.host.NicSpec;
import io.keelson.host.Scheduling;
import java.util.List;

/** Specifications of machines that changed while they ran. */
final class Specs {
  private Specs() {}

  static DomainSpec with(DomainSpec spec, List<DiskSpec> disks, List<NicSpec> nics) {
    return new DomainSpec(
        spec.vm(),
        spec.name(),
        spec.memoryMaxBytes(),
        spec.memoryTargetBytes(),
        spec.processors(),
        spec.processorsMax(),
        spec.boot(),
        disks,
        nics,
        spec.facts(),
        spec.platform(),
        spec.scheduling());
  }

  static DomainSpec withMemoryTarget(DomainSpec spec, long bytes) {
    return new DomainSpec(
        spec.vm(),
        spec.name(),
        spec.memoryMaxBytes(),
        bytes,
        spec.processors(),
        spec.processorsMax(),
        spec.boot(),
        spec.disks(),
        spec.nics(),
        spec.facts(),
        spec.platform(),
        spec.scheduling());
  }

  static DomainSpec withProcessors(DomainSpec spec, int processors) {
    return new DomainSpec(
        spec.vm(),
        spec.name(),
        spec.memoryMaxBytes(),
        spec.memoryTargetBytes(),
        processors,
        spec.processorsMax(),
        spec.boot(),
        spec.disks(),
        spec.nics(),
        spec.facts(),
        spec.platform(),
        spec.scheduling());
  }

  static DomainSpec withFacts(DomainSpec spec, GuestFacts facts) {
    return new DomainSpec(
        spec.vm(),
        spec.name(),
        spec.memoryMaxBytes(),
        spec.memoryTargetBytes(),
        spec.processors(),
        spec.processorsMax(),
        spec.boot(),
        spec.disks(),
        spec.nics(),
        facts,
        spec.platform(),
        spec.scheduling());
  }

  static DomainSpec withScheduling(DomainSpec spec, Scheduling scheduling) {
    return new DomainSpec(
        spec.vm(),
        spec.name(),
        spec.memoryMaxBytes(),
        spec.memoryTargetBytes(),
        spec.processors(),
        spec.processorsMax(),
        spec.boot(),
        spec.disks(),
        spec.nics(),
        spec.facts(),
        spec.platform(),
        scheduling);
  }
}
