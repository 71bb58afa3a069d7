package io.keelson.host;

/**
 * What runs the domains of a host.
 *
 * @param name of the hypervisor, as software_version shows it
 * @param version of the hypervisor
 * @param accelerated whether the processor runs guests itself, as a trial boot showed
 * @param overheadBytes memory a domain costs above its guest's, fixed part
 */
public record HypervisorFacts(
    String name, String version, boolean accelerated, long overheadBytes) {}
