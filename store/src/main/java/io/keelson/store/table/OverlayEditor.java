package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.store.Overlay;
import io.keelson.store.Table;
import java.util.function.UnaryOperator;

/** Lets somebody set volatile fields, and nothing else, in a state in the making. */
public record OverlayEditor(StateEditor editor) implements Overlay {

  @Override
  public <R extends ApiRecord> void set(ApiClass<R> apiClass, Ref<R> ref, UnaryOperator<R> change) {
    find(apiClass, ref)
        .ifPresent(before -> {
          R after = change.apply(before);
          if (differs(apiClass, before, after)) {
            editor.setVolatile(apiClass, ref, after);
          }
        });
  }

  private static <R extends ApiRecord> boolean differs(ApiClass<R> apiClass, R before, R after) {
    boolean differs = false;
    for (var field : apiClass.fields()) {
      if (!field.of(before).equals(field.of(after))) {
        if (!field.isVolatile()) {
          throw new IllegalStateException("not a volatile field: " + apiClass + "." + field.name());
        }
        differs = true;
      }
    }
    return differs;
  }

  @Override
  public long generation() {
    return editor.generation();
  }

  @Override
  public <R extends ApiRecord> Table<R> table(ApiClass<R> apiClass) {
    return editor.table(apiClass);
  }

  @Override
  public <R extends ApiRecord> R get(ApiClass<R> apiClass, Ref<R> ref) {
    return editor.get(apiClass, ref);
  }
}
