package io.keelson.store.table;

import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import java.util.Set;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/**
 * The computed side of a relation: the set of those that refer to an object, kept in the object's
 * own record. The set is persistent, so that one more costs little however many there are.
 */
final class InverseSide<T extends ApiRecord> {
  private final Field<T, Set<Ref<ApiRecord>>> field;

  private InverseSide(Field<T, Set<Ref<ApiRecord>>> field) {
    this.field = field;
  }

  @SuppressWarnings("unchecked") // the type says that it is a set of references
  static <T extends ApiRecord> InverseSide<T> of(Field<T, ?> field) {
    if (!(field.type() instanceof Type.SetOf<?>(Type.Reference<?> _))) {
      throw new IllegalStateException("a computed relation must be a set of references: " + field);
    }
    return new InverseSide<>((Field<T, Set<Ref<ApiRecord>>>) field);
  }

  Set<Ref<ApiRecord>> of(T record) {
    return field.of(record);
  }

  @SuppressWarnings("unchecked") // a reference's parameter says nothing at run time
  T with(T record, Ref<?> source) {
    return field.with(record, persistent(record).plus((Ref<ApiRecord>) source));
  }

  T without(T record, Ref<?> source) {
    return field.with(record, persistent(record).minus(source));
  }

  T withNone(T record) {
    return field.of(record).isEmpty() ? record : field.with(record, Set.of());
  }

  private PSet<Ref<ApiRecord>> persistent(T record) {
    Set<Ref<ApiRecord>> set = field.of(record);
    return set instanceof PSet<Ref<ApiRecord>> already ? already : HashTreePSet.from(set);
  }
}
