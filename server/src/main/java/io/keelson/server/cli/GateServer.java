package io.keelson.server.cli;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Value;
import io.keelson.cli.call.Api;
import io.keelson.control.gate.Caller;
import io.keelson.control.gate.Gate;
import io.keelson.control.gate.Outcome;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import java.util.Optional;

/**
 * The API as commands of xe call it: through the gate, like any client.
 *
 * @param caller who sent the command
 */
record GateServer(Gate gate, Store store, Caller caller) implements Api.Server {
  @Override
  public Value call(String message, List<Value> parameters) {
    return switch (gate.call(message, parameters, caller)) {
      case Outcome.Answered(Reply reply) -> ValueTree.of(reply);
      case Outcome.Failed(ApiError error) -> throw error;
      case Outcome.BareArray(List<String> items) ->
          new Value.Sequence(items.stream().<Value>map(Value.Text::new).toList());
    };
  }

  @Override
  public Optional<String> describe(String ref) {
    Snapshot now = store.snapshot();
    return ref.startsWith("OpaqueRef:")
        ? ApiModel.CLASSES.stream()
            .flatMap(apiClass -> described(now, apiClass, ref).stream())
            .findFirst()
        : Optional.empty();
  }

  private static <R extends ApiRecord> Optional<String> described(
      Snapshot now, ApiClass<R> apiClass, String ref) {
    return now.find(apiClass, Ref.<R>of(ref))
        .map(record -> {
          String uuid = text(apiClass, record, "uuid");
          String name = text(apiClass, record, "name_label");
          return name.isEmpty() ? uuid : uuid + " (" + name + ")";
        });
  }

  private static <R extends ApiRecord> String text(ApiClass<R> apiClass, R record, String name) {
    return apiClass
        .field(name)
        .map((Field<R, ?> field) -> String.valueOf(field.of(record)))
        .orElse("");
  }
}
