package io.keelson.host.qemu;

import io.keelson.host.DomainSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a domain runs, kept in its folder so that a later process can take it over.
 *
 * @param domid its number
 * @param spec the machine as it is now, with what was plugged and unplugged since the start
 * @param slots the PCI slot of each disk, network card and device of the host, by device id
 * @param machine QEMU's machine type
 * @param accelerator what runs it
 * @param rebootAsked when the guest was asked to power off as its way to reboot
 */
record DomainRecord(
    long domid,
    DomainSpec spec,
    SortedMap<String, Integer> slots,
    String machine,
    Accelerator accelerator,
    Optional<Instant> rebootAsked) {
  DomainRecord {
    slots = new TreeMap<>(slots);
  }

  DomainRecord withDomid(long newDomid) {
    return new DomainRecord(newDomid, spec, slots, machine, accelerator, Optional.empty());
  }

  DomainRecord withSpec(DomainSpec newSpec) {
    return new DomainRecord(domid, newSpec, slots, machine, accelerator, rebootAsked);
  }

  DomainRecord withSlots(SortedMap<String, Integer> newSlots) {
    return new DomainRecord(domid, spec, newSlots, machine, accelerator, rebootAsked);
  }

  DomainRecord withMachine(String newMachine) {
    return new DomainRecord(domid, spec, slots, newMachine, accelerator, rebootAsked);
  }

  DomainRecord withRebootAsked(Optional<Instant> asked) {
    return new DomainRecord(domid, spec, slots, machine, accelerator, asked);
  }
}
