package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sm;
import io.keelson.api.model.SmFields;
import io.keelson.control.host.Product;
import io.keelson.host.Drivers;
import io.keelson.host.Storage;
import io.keelson.host.StorageKind;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** The SM records: one a storage driver. */
final class StorageKinds {
  private StorageKinds() {}

  /** Makes, updates and deletes records so that they are the drivers of this server. */
  static void refresh(Transaction tx, Drivers drivers) {
    Map<String, Ref<Sm>> known = new HashMap<>();
    tx.rows(ApiModel.SM).toList().forEach(row -> known.put(row.record().type(), ref(row)));
    for (Storage driver : drivers.storages().values()) {
      StorageKind kind = driver.kind();
      Ref<Sm> sm = known.remove(kind.type());
      if (sm == null) {
        Sm blank = SmFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString()));
        tx.create(ApiModel.SM, with(blank, kind));
      } else {
        tx.update(ApiModel.SM, sm, record -> with(record, kind));
      }
    }
    known.values().forEach(sm -> tx.delete(ApiModel.SM, sm));
  }

  private static Ref<Sm> ref(Row<Sm> row) {
    return row.ref();
  }

  private static Sm with(Sm record, StorageKind kind) {
    return record.with(b ->
        b.type(kind.type())
            .nameLabel(kind.name())
            .nameDescription(kind.description())
            .vendor(Product.BRAND)
            .copyright("Apache License 2.0")
            .version(Product.version())
            .requiredApiVersion(Product.API_MAJOR + "." + Product.API_MINOR)
            .capabilities(kind.features().keySet().stream().sorted().toList())
            .features(
                kind.features().entrySet().stream()
                    .collect(
                        Collectors.toUnmodifiableMap(
                            Map.Entry::getKey, e -> e.getValue().longValue())))
            .configuration(kind.configuration())
            .driverFilename(""));
  }
}
