package io.keelson.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The whole model.
 *
 * @param classes in the order of the reference
 * @param errors by code
 * @param roles from the one that may least to the one that may most
 * @param transfers what is done over HTTP besides calling messages
 */
public record Model(
    List<ClassFacts> classes,
    List<ErrorFacts> errors,
    List<RoleFacts> roles,
    List<TransferFacts> transfers) {
  /** The classes, in the reference's order; each has a file of its name. */
  private static final String ORDER =
      """
      auth blob Bond console crashdump data_source DR_task event GPU_group host host_cpu
      host_crashdump host_metrics host_patch LVHD message network PBD PCI PGPU PIF PIF_metrics pool
      pool_patch role secret session SM SR subject task tunnel user VBD VBD_metrics VDI VGPU
      VGPU_type VIF VIF_metrics VLAN VM VM_appliance VM_guest_metrics VM_metrics VMPP VTPM
      """;

  /** Reads the YAML files, refusing any key that is not known. */
  public static Model load() {
    YAMLMapper yaml =
        YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    List<ClassFacts> classes = new ArrayList<>();
    for (String name : ORDER.split("\\s+")) {
      classes.add(read("model/" + name + ".yaml", in -> yaml.readValue(in, ClassFacts.class)));
    }
    List<ErrorFacts> errors =
        read("errors.yaml", in -> yaml.readValue(in, new TypeReference<List<ErrorFacts>>() {}));
    return new Model(
        List.copyOf(classes),
        errors,
        read("roles.yaml", in -> yaml.readValue(in, new TypeReference<List<RoleFacts>>() {})),
        read(
            "transfers.yaml",
            in -> yaml.readValue(in, new TypeReference<List<TransferFacts>>() {})));
  }

  public Optional<ClassFacts> find(String className) {
    return classes.stream().filter(c -> c.name().equals(className)).findFirst();
  }

  private static <T> T read(String resource, Function<InputStream, T> parse) {
    try (InputStream in = Model.class.getResourceAsStream("/io/keelson/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("the model lacks " + resource);
      }
      return parse.apply(in);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
