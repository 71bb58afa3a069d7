package io.keelson.control.exchange;

import static io.keelson.control.exchange.Item.CONTENTS;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Value;
import io.keelson.api.ValueSink;
import io.keelson.api.model.Vdi;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an archive says there is.
 *
 * @param version who wrote it
 * @param tpms what virtual TPMs remember, by their ids
 */
record Bundle(Map<String, String> version, List<Item<?>> items, Map<String, byte[]> tpms) {
  /** The version of the format. */
  private static final long EXPORT_VERSION = 2;

  private static final String EXPORT_VERSION_KEY = "export_vsn";

  private static final Map<String, ApiClass<? extends ApiRecord>> CLASSES =
      Stream.<ApiClass<? extends ApiRecord>>of(
              ApiModel.VM,
              ApiModel.VBD,
              ApiModel.VIF,
              ApiModel.VTPM,
              ApiModel.VGPU,
              ApiModel.VGPU_TYPE,
              ApiModel.GPU_GROUP,
              ApiModel.VDI,
              ApiModel.SR,
              ApiModel.NETWORK,
              ApiModel.VM_GUEST_METRICS,
              ApiModel.VM_METRICS)
          .collect(Collectors.toUnmodifiableMap(ApiClass::name, Function.identity()));

  Bundle {
    version = Map.copyOf(version);
    items = List.copyOf(items);
    tpms = Map.copyOf(tpms);
  }

  /**
   * The same with what its virtual TPMs remember.
   *
   * @param read finds it by a TPM's uuid
   */
  Bundle withTpms(Function<UUID, Optional<byte[]>> read) {
    Map<String, byte[]> found = new LinkedHashMap<>();
    of(ApiModel.VTPM)
        .forEach((id, vtpm) ->
            read.apply(UUID.fromString(vtpm.uuid())).ifPresent(state -> found.put(id, state)));
    return new Bundle(version, items, found);
  }

  /**
   * The same with disks of other sizes.
   *
   * @param sizes by their ids, bytes
   */
  Bundle withSizes(Map<String, Long> sizes) {
    return new Bundle(version, items.stream().<Item<?>>map(i -> sized(i, sizes)).toList(), tpms);
  }

  private static Item<?> sized(Item<?> item, Map<String, Long> sizes) {
    Long size = sizes.get(item.id());
    return item.record() instanceof Vdi vdi && size != null
        ? new Item<>(ApiModel.VDI, item.id(), vdi.with(b -> b.virtualSize(size)))
        : item;
  }

  /** The objects of a class, by their ids. */
  @SuppressWarnings("unchecked") // an item's record is of its own class
  <R extends ApiRecord> Map<String, R> of(ApiClass<R> apiClass) {
    Map<String, R> found = new LinkedHashMap<>();
    items.stream()
        .filter(item -> item.apiClass() == apiClass)
        .forEach(item -> found.put(item.id(), (R) item.record()));
    return found;
  }

  /**
   * Reads what an archive says.
   *
   * @throws io.keelson.api.ApiError IMPORT_ERROR, IMPORT_INCOMPATIBLE_VERSION
   */
  static Bundle read(Value document) {
    Map<String, Value> top = structure(document, "ova.xml");
    checkVersion(structure(member(top, "version"), "version"));
    if (!(member(top, "objects") instanceof Value.Sequence(List<Value> objects))) {
      throw ApiErrors.importError("The archive's objects are no list");
    }
    List<Item<?>> items = new ArrayList<>();
    Map<String, byte[]> tpms = new LinkedHashMap<>();
    Set<String> ids = new HashSet<>();
    for (Value object : objects) {
      Map<String, Value> members = structure(object, "object");
      String id = text(members, "id");
      if (!ids.add(id)) {
        throw ApiErrors.importError("The archive has two objects " + id);
      }
      if (text(members, "class").equals(ApiModel.VTPM.name()) && members.containsKey(CONTENTS)) {
        tpms.put(id, bytes(text(members, CONTENTS)));
      }
      // Classes that a single host has no use for are passed over.
      Optional.ofNullable(CLASSES.get(text(members, "class")))
          .ifPresent(c -> items.add(Item.read(c, id, member(members, "snapshot"))));
    }
    return new Bundle(Map.of(), items, tpms);
  }

  private static byte[] bytes(String text) {
    try {
      return Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException _) {
      throw ApiErrors.importError("What a virtual TPM remembers is no base64");
    }
  }

  private static void checkVersion(Map<String, Value> version) {
    Value format = version.get(EXPORT_VERSION_KEY);
    if (format == null) {
      return;
    }
    long number =
        switch (format) {
          case Value.Whole(long n) -> n;
          case Value.Text(String text) when text.strip().matches("[0-9]{1,9}") ->
              Long.parseLong(text.strip());
          case Value.Text _,
              Value.Real _,
              Value.Flag _,
              Value.Moment _,
              Value.Sequence _,
              Value.Structure _,
              Value.Nothing _ ->
              throw ApiErrors.importError("The archive's version is no number");
        };
    if (number > EXPORT_VERSION) {
      throw ApiErrors.importIncompatibleVersion();
    }
  }

  private static Map<String, Value> structure(Value value, String what) {
    if (value instanceof Value.Structure(Map<String, Value> members)) {
      return members;
    }
    throw ApiErrors.importError("The archive's " + what + " is no structure");
  }

  private static Value member(Map<String, Value> members, String name) {
    Value value = members.get(name);
    if (value == null) {
      throw ApiErrors.importError("The archive says nothing of " + name);
    }
    return value;
  }

  private static String text(Map<String, Value> members, String name) {
    if (member(members, name) instanceof Value.Text(String text)) {
      return text;
    }
    throw ApiErrors.importError("The archive's " + name + " is no text");
  }

  void write(ValueSink out) {
    out.beginStructure();
    out.member("version");
    out.beginStructure();
    version.forEach((key, value) -> {
      out.member(key);
      out.text(value);
    });
    out.member(EXPORT_VERSION_KEY);
    out.whole(EXPORT_VERSION);
    out.endStructure();
    out.member("objects");
    out.beginSequence();
    items.forEach(item ->
        item.write(
            out,
            Optional.ofNullable(tpms.get(item.id())).map(Base64.getEncoder()::encodeToString)));
    out.endSequence();
    out.endStructure();
  }
}
