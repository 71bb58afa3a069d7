package io.keelson.host;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A machine that a memory image holds, as far as it can go on only as the same.
 *
 * @param disks device numbers of the disks that it had, removable ones not counted
 * @param addresses of its network cards, by device number
 * @param memoryMaxBytes what its guest sees at most
 * @param processorsMax that can be on line
 * @param tpm whether it had a TPM
 */
public record SavedMachine(
    Set<Integer> disks,
    Map<Integer, String> addresses,
    long memoryMaxBytes,
    int processorsMax,
    boolean tpm) {
  public SavedMachine {
    disks = Set.copyOf(disks);
    addresses = Map.copyOf(addresses);
  }

  /** The machine of a domain as it is now. */
  public static SavedMachine of(DomainSpec spec) {
    return new SavedMachine(
        spec.disks().stream()
            .filter(disk -> disk.kind() == DiskSpec.Kind.DISK)
            .map(DiskSpec::device)
            .collect(Collectors.toUnmodifiableSet()),
        spec.nics().stream()
            .collect(Collectors.toMap(NicSpec::device, NicSpec::mac, (_, other) -> other)),
        spec.memoryMaxBytes(),
        spec.processorsMax(),
        spec.tpm().isPresent());
  }
}
