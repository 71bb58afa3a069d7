package io.keelson.store.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Network;
import io.keelson.api.model.Vm;
import io.keelson.store.table.Change;
import io.keelson.store.table.ClassSchema;
import io.keelson.store.table.Schema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CodecPropertiesTest {
  private static final EntryCodec CODEC = new EntryCodec(StoredModel.CURRENT);

  @Property(tries = 30)
  void entriesOfEveryClassComeBackAsTheyWere(@ForAll long seed) {
    AnyRecord any = new AnyRecord(seed);
    List<Change<?>> changes = new ArrayList<>();
    for (ClassSchema<?> schema : Schema.CURRENT.classes()) {
      addAll(schema, any, changes);
    }
    byte[] entry = CODEC.encode(changes, 12345);
    assertThat(CODEC.decode(ByteBuffer.wrap(entry))).isEqualTo(changes);
    assertThat(EntryCodec.durable(ByteBuffer.wrap(entry))).isEqualTo(12345);
  }

  private static <R extends ApiRecord> void addAll(
      ClassSchema<R> schema, AnyRecord any, List<Change<?>> changes) {
    Ref<R> ref = Ref.fresh();
    R record = any.of(schema);
    changes.add(new Change.Created<>(schema.apiClass(), ref, record));
    List<Change.FieldValue<R, ?>> values = new ArrayList<>();
    schema.stored().stream().limit(3).forEach(f -> values.add(Change.FieldValue.in(record, f)));
    changes.add(new Change.Updated<>(schema.apiClass(), new Ref<R>("odd \ud800"), values));
    changes.add(new Change.Touched<>(schema.apiClass(), ref));
    changes.add(new Change.Deleted<>(schema.apiClass(), ref));
  }

  @Property(tries = 200)
  void garbageIsRefusedOrRead(@ForAll byte[] bytes) {
    try {
      CODEC.decode(ByteBuffer.wrap(bytes));
    } catch (MalformedException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  /** Version 2 of a made-up model: VMs call title what is now their name, and Gizmos are gone. */
  private record Rename() implements Migration {
    @Override
    public int from() {
      return 0;
    }

    @Override
    public String name() {
      return "VM.title becomes VM.name_label, Gizmo goes";
    }

    @Override
    public Optional<RawObject> upgrade(RawObject object) {
      if (object.apiClass().equals("Gizmo")) {
        return Optional.empty();
      }
      Map<String, Value> fields = new LinkedHashMap<>();
      object.fields().forEach((k, v) -> fields.put(k.equals("title") ? "name_label" : k, v));
      return Optional.of(new RawObject(object.apiClass(), fields));
    }
  }

  @Test
  void olderVersionsAreUpgradedAndUnknownFieldsRefused() {
    StoredModel model = new StoredModel(Schema.CURRENT, 1, List.of(new Rename()));
    Map<String, Value> old = Map.of("title", new Value.Text("t"));
    RawObject upgraded = model.upgraded(0, new RawObject("VM", old)).orElseThrow();
    Vm vm = model.record(Schema.CURRENT.of(ApiModel.VM), upgraded.fields());
    assertThat(vm.nameLabel()).isEqualTo("t");
    assertThat(vm.memoryTarget()).isEqualTo(Vm.builder().build().memoryTarget());
    assertThat(model.upgraded(0, new RawObject("Gizmo", old))).isEmpty();
    assertThat(model.upgraded(1, new RawObject("VM", old)).orElseThrow().fields()).isEqualTo(old);
    assertThatThrownBy(() -> model.record(Schema.CURRENT.of(ApiModel.VM), old))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("VM.title");
  }

  @Test
  void aReferenceAsKeyOfAMapComesBack() {
    Network network =
        Network.builder()
            .assignedIps(Map.of(Ref.fresh(), "10.0.0.1"))
            .tags(List.of("a", "a"))
            .build();
    List<Change<?>> changes = List.of(new Change.Created<>(ApiModel.NETWORK, Ref.fresh(), network));
    assertThat(CODEC.decode(ByteBuffer.wrap(CODEC.encode(changes, 0)))).isEqualTo(changes);
  }
}
