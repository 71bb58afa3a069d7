package io.keelson.control.vm.power;

import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.network.VmNics;
import io.keelson.control.storage.VmDisks;
import io.keelson.control.vm.memory.ProcessorParams;
import io.keelson.host.Boot;
import io.keelson.host.DeviceSpec;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.GuestFacts;
import io.keelson.host.NicSpec;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run of a VM on a host: all that is needed to build it and to write it down.
 *
 * @param vm the record as it was when the run was planned
 * @param processors on line at the start
 * @param memoryTarget what the balloon is set to, bytes
 * @param tpm its TPM, if it has one
 * @param devices of the host that it has
 * @param agentSettings what the pool's agents are to know
 * @param paused whether its processors stand still at first
 */
record RunPlan(
    Ref<Vm> ref,
    Vm vm,
    Ref<Host> host,
    UUID hostId,
    Boot boot,
    VmDisks.Plan disks,
    VmNics.Plan nics,
    long processors,
    long memoryTarget,
    Optional<UUID> tpm,
    List<DeviceSpec> devices,
    Map<String, String> agentSettings,
    boolean paused) {
  private static final Pattern GENERATION = Pattern.compile("(-?[0-9]{1,20}):(-?[0-9]{1,20})");

  UUID vmId() {
    return UUID.fromString(vm.uuid());
  }

  DomainSpec spec(List<DiskSpec> drives, List<NicSpec> cards) {
    return new DomainSpec(
        vmId(),
        vm.nameLabel(),
        vm.memoryStaticMax(),
        memoryTarget,
        Math.toIntExact(processors),
        Math.toIntExact(vm.vcpusMax()),
        boot,
        drives,
        cards,
        new GuestFacts(
            vm.biosStrings(), generation(vm.generationId()), vm.xenstoreData(), agentSettings),
        vm.platform(),
        ProcessorParams.lenient(vm.vcpusParams()),
        tpm,
        devices);
  }

  /** The API writes the 128 bits as two numbers; what is no pair of them is no generation. */
  private static Optional<UUID> generation(String text) {
    Matcher halves = GENERATION.matcher(text);
    return halves.matches()
        ? Optional.of(
            new UUID(
                new BigInteger(halves.group(1)).longValue(),
                new BigInteger(halves.group(2)).longValue()))
        : Optional.empty();
  }

  RunPlan withMemoryTarget(long bytes) {
    return new RunPlan(
        ref,
        vm,
        host,
        hostId,
        boot,
        disks,
        nics,
        processors,
        bytes,
        tpm,
        devices,
        agentSettings,
        paused);
  }
}
