package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Row;
import io.keelson.store.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Goes through a whole state and names every object that breaks what transactions keep up step by
 * step: references name objects of their class, both sides of a relation agree, uuids and
 * references are nobody else's, and derived fields say what follows from the others.
 */
public final class StateCheck {
  private final State state;
  private final List<Violation> found = new ArrayList<>();

  private StateCheck(State state) {
    this.state = state;
  }

  /** What is wrong with the fields that are stored, and with those computed from relations. */
  public static List<Violation> stored(State state) {
    StateCheck check = new StateCheck(state);
    Map<String, String> refs = new HashMap<>();
    for (ClassTable<?> table : state.tables()) {
      check.identities(table, refs);
      check.relations(table);
      check.computed(table);
    }
    return List.copyOf(check.found);
  }

  /** What is wrong with the fields that follow from others. */
  public static List<Violation> derived(State state, Derivation derivation) {
    StateCheck check = new StateCheck(state);
    StateEditor editor = StateEditor.overlay(state, state.stamp() + 1);
    derivation.derive(state.objects().toList(), new OverlayEditor(editor));
    editor.changed().forEach(id -> check.same(id, editor));
    return List.copyOf(check.found);
  }

  private <R extends ApiRecord> void identities(ClassTable<R> table, Map<String, String> refs) {
    ClassSchema<R> of = table.schema();
    String name = of.apiClass().name();
    Map<String, Ref<R>> uuids = new HashMap<>();
    for (Row<R> row : (Iterable<Row<R>>) table.rows()::iterator) {
      String other = refs.putIfAbsent(row.ref().text(), name);
      if (other != null) {
        add(of, row, "ref", "is the reference of an object of class " + other + " too");
      }
      String uuid = of.uuidOf(row.record());
      Ref<R> holder = uuid.isEmpty() ? null : uuids.putIfAbsent(uuid, row.ref());
      if (holder != null) {
        add(of, row, "uuid", "is the uuid of " + holder.text() + " too");
      }
      if (!uuid.isEmpty() && !row.ref().equals(table.holder(uuid)) && holder == null) {
        add(of, row, "uuid", "does not lead to the object");
      }
      if (row.modified() < row.created() || row.modified() > state.generation()) {
        add(
            of,
            row,
            "generation",
            "%d is not between that of its making, %d, and that of the store, %d"
                .formatted(row.modified(), row.created(), state.generation()));
      }
    }
  }

  /** Every reference of the stored fields, and that the other side knows of it. */
  private <R extends ApiRecord> void relations(ClassTable<R> table) {
    ClassSchema<R> of = table.schema();
    for (Row<R> row : (Iterable<Row<R>>) table.rows()::iterator) {
      for (Link<R> link : of.links()) {
        link.targets(row.record(), target -> relation(of, row, link, target));
      }
    }
  }

  private <R extends ApiRecord> void relation(
      ClassSchema<R> of, Row<R> row, Link<R> link, Ref<?> target) {
    ClassTable<?> targets = state.tables().get(link.target());
    String targetClass = targets.schema().apiClass().name();
    if (!targets.has(target)) {
      String what =
          classOf(target)
              .map(c -> "is an object of class " + c + " and no " + targetClass)
              .orElse("is no " + targetClass + " that exists");
      add(of, row, link.toString(), "names " + target.text() + ", which " + what);
      return;
    }
    link.inverse()
        .filter(side -> !otherSide(targets, side, target).contains(row.ref()))
        .ifPresent(_ ->
            add(
                of,
                row,
                link.toString(),
                "names " + target.text() + ", whose other side does not know of it"));
  }

  private Optional<String> classOf(Ref<?> ref) {
    return state.tables().stream()
        .filter(t -> t.has(ref))
        .map(t -> t.schema().apiClass().name())
        .findFirst();
  }

  @SuppressWarnings("unchecked") // side and target belong to the table's class
  private static <T extends ApiRecord> Set<Ref<ApiRecord>> otherSide(
      ClassTable<T> table, InverseSide<?> side, Ref<?> target) {
    StoredRow<T> row = table.get((Ref<T>) target);
    return row == null ? Set.of() : ((InverseSide<T>) side).of(row.record());
  }

  /** That everybody named by a computed side really refers to the object. */
  private <T extends ApiRecord> void computed(ClassTable<T> table) {
    ClassSchema<T> of = table.schema();
    for (Link<?> link : of.incoming()) {
      computed(of, table, link);
    }
  }

  private <T extends ApiRecord, S extends ApiRecord> void computed(
      ClassSchema<T> of, ClassTable<T> table, Link<S> link) {
    if (link.inverse().isEmpty()) {
      return;
    }
    Map<Ref<?>, Set<Ref<?>>> holders = holders(link);
    for (Row<T> row : (Iterable<Row<T>>) table.rows()::iterator) {
      Set<Ref<?>> surplus = new LinkedHashSet<>(otherSide(table, link.inverse().get(), row.ref()));
      surplus.removeAll(holders.getOrDefault(row.ref(), Set.of()));
      surplus.forEach(s ->
          add(
              of,
              row,
              "the other side of " + link,
              "names " + s.text() + ", which does not refer to the object"));
    }
  }

  @SuppressWarnings("unchecked") // a link's number of its source's table
  private <S extends ApiRecord> Map<Ref<?>, Set<Ref<?>>> holders(Link<S> link) {
    Map<Ref<?>, Set<Ref<?>>> holders = new HashMap<>();
    ClassTable<S> sources = (ClassTable<S>) state.tables().get(link.source());
    sources
        .rows()
        .forEach(row ->
            link.targets(
                row.record(),
                t -> holders.computeIfAbsent(t, _ -> new HashSet<>()).add(row.ref())));
    return holders;
  }

  private <R extends ApiRecord> void same(ObjectId<R> id, StateEditor derived) {
    ApiClass<R> apiClass = id.apiClass();
    Optional<Row<R>> before = state.table(apiClass).row(id.ref());
    Optional<R> after = derived.find(apiClass, id.ref());
    if (before.isEmpty() || after.isEmpty()) {
      return;
    }
    for (Field<R, ?> field : apiClass.fields()) {
      Object says = field.of(before.get().record());
      Object follows = field.of(after.get());
      if (!says.equals(follows)) {
        add(
            state.schema().of(apiClass),
            before.get(),
            field.name(),
            "is %s where the other fields say %s".formatted(says, follows));
      }
    }
  }

  private <R extends ApiRecord> void add(ClassSchema<R> of, Row<R> row, String field, String what) {
    String uuid = of.uuidOf(row.record());
    String object = uuid.isEmpty() ? row.ref().text() : uuid;
    found.add(new Violation(of.apiClass().name(), object, field, what));
  }
}
