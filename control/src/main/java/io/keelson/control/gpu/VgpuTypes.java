package io.keelson.control.gpu;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.VgpuType;
import io.keelson.api.model.VgpuTypeImplementation;
import io.keelson.host.PciDevice;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.UUID;

/** The records of kinds of virtual GPUs. */
public final class VgpuTypes {
  /** The kind that is all of a physical GPU. */
  private static final String PASSTHROUGH = "passthrough";

  private VgpuTypes() {}

  /** The kind that is all of a physical GPU, whichever that is. */
  public static Ref<VgpuType> passthrough(Transaction tx) {
    return find(
        tx,
        VgpuType.builder()
            .build()
            .with(b ->
                b.identifier(PASSTHROUGH)
                    .modelName(PASSTHROUGH)
                    .implementation(VgpuTypeImplementation.PASSTHROUGH)));
  }

  static Ref<VgpuType> of(Transaction tx, PciDevice.Share share) {
    VgpuTypeImplementation implementation =
        switch (share.technique()) {
          case NVIDIA -> VgpuTypeImplementation.NVIDIA;
          case GVT_G -> VgpuTypeImplementation.GVT_G;
        };
    return find(
        tx,
        VgpuType.builder()
            .build()
            .with(b ->
                b.identifier(share.identifier())
                    .implementation(implementation)
                    .vendorName(share.vendorName())
                    .modelName(share.modelName())
                    .framebufferSize(share.framebufferBytes())
                    .maxHeads(share.heads())
                    .maxResolutionX(share.width())
                    .maxResolutionY(share.height())));
  }

  /** The kind that one from elsewhere corresponds to, or a new one like it. */
  public static Ref<VgpuType> like(Transaction tx, VgpuType other) {
    if (other.implementation() == VgpuTypeImplementation.PASSTHROUGH) {
      return passthrough(tx);
    }
    VgpuType blank = VgpuType.builder().build();
    return find(
        tx,
        other.with(b ->
            b.vgpus(blank.vgpus())
                .supportedOnPgpus(blank.supportedOnPgpus())
                .supportedOnGpuGroups(blank.supportedOnGpuGroups())
                .enabledOnPgpus(blank.enabledOnPgpus())
                .enabledOnGpuGroups(blank.enabledOnGpuGroups())));
  }

  /** The kind with the same identifier, or that one itself from now on. */
  private static Ref<VgpuType> find(Transaction tx, VgpuType wanted) {
    return tx.rows(ApiModel.VGPU_TYPE)
        .filter(row -> row.record().identifier().equals(wanted.identifier()))
        .findFirst()
        .<Ref<VgpuType>>map(Row::ref)
        .orElseGet(() ->
            tx.create(ApiModel.VGPU_TYPE, wanted.with(b -> b.uuid(UUID.randomUUID().toString()))));
  }

  /** Forgets the kinds that nothing provides and nobody wants any more. */
  static void clear(Transaction tx) {
    List<Ref<VgpuType>> idle =
        tx.rows(ApiModel.VGPU_TYPE)
            .filter(row -> !row.record().identifier().equals(PASSTHROUGH))
            .filter(
                row -> row.record().supportedOnPgpus().isEmpty() && row.record().vgpus().isEmpty())
            .<Ref<VgpuType>>map(Row::ref)
            .toList();
    idle.forEach(type -> tx.delete(ApiModel.VGPU_TYPE, type));
  }
}
