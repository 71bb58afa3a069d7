package io.keelson.cli.record;

import io.keelson.api.ApiClass;
import io.keelson.api.Field;
import io.keelson.api.Type;
import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.record.Attribute.Change;
import io.keelson.cli.record.Attribute.Edit;
import io.keelson.cli.record.Attribute.EntryChange;
import io.keelson.cli.record.Attribute.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Lists the attributes of a class, in the order in which commands show them. A name of the command
 * line has a dash where the field's has an underscore, unless another field is named.
 */
final class Attributes {
  private final ApiClass<?> apiClass;
  private final List<Attribute> list = new ArrayList<>();

  private Attributes(ApiClass<?> apiClass) {
    this.apiClass = apiClass;
  }

  static Attributes of(ApiClass<?> apiClass) {
    return new Attributes(apiClass);
  }

  List<Attribute> list() {
    return List.copyOf(list);
  }

  /** Fields that are only shown. */
  Attributes show(String... names) {
    for (String name : names) {
      showAs(name, field(name));
    }
    return this;
  }

  /** A field under another name. */
  Attributes showAs(String name, String field, Trait... traits) {
    Type<?> type = type(field);
    return add(name, item -> text(type, item, field), new Edit.None(), traits);
  }

  /** A value of an enum in the command line's own words. */
  Attributes show(String name, Words words) {
    String field = checked(field(name));
    return add(name, item -> words.show(Values.text(item.field(field))), new Edit.None());
  }

  /** The name of the object that a field refers to. */
  Attributes nameOf(String name, String field) {
    String target = target(field);
    return add(
        name, item -> item.objects().name(target, Values.text(item.field(field))), new Edit.None());
  }

  /** Something that is no field. */
  Attributes computed(String name, Function<Item, String> text, Trait... traits) {
    return add(name, text, new Edit.None(), traits);
  }

  /** A field of the object that a field refers to; without one, the other text is shown. */
  Attributes of(String name, ApiClass<?> other, String reference, String field, String without) {
    Type<?> type = type(other, field);
    return add(
        name,
        item ->
            related(item, other, reference)
                .map(record -> FieldText.of(type, Values.member(record, field), item.objects()))
                .orElse(without),
        new Edit.None());
  }

  /** A map of the object that a field refers to. */
  Attributes mapOf(String name, ApiClass<?> other, String reference, String field) {
    Type<?> type = type(other, field);
    Function<Item, Optional<Map<String, String>>> entries =
        item ->
            related(item, other, reference)
                .map(record ->
                    FieldText.entries(type, Values.member(record, field), item.objects()));
    list.add(
        new Attribute(
            name,
            item -> entries.apply(item).map(FieldText::text).orElse(Objects.NOWHERE),
            Optional.empty(),
            Optional.of(item -> entries.apply(item).orElse(Map.of())),
            new Edit.None(),
            Set.of()));
    return this;
  }

  /** Fields that are set as a whole. */
  Attributes edit(String... names) {
    for (String name : names) {
      editAs(name, field(name));
    }
    return this;
  }

  /** A field under another name that is set as a whole. */
  Attributes editAs(String name, String field, Trait... traits) {
    Type<?> type = type(field);
    return add(
        name,
        item -> text(type, item, field),
        new Edit.Whole((item, text) ->
            set(item, field, FieldInput.of(type, name, text, item.objects().api()))),
        traits);
  }

  /** A value of an enum in the command line's own words, both ways. */
  Attributes edit(String name, Words words) {
    String field = checked(field(name));
    return add(
        name,
        item -> words.show(Values.text(item.field(field))),
        new Edit.Whole((item, text) -> set(item, field, new Value.Text(words.mean(text)))));
  }

  /** Numbers of bytes that are set. */
  Attributes bytes(String... names) {
    for (String name : names) {
      String field = checked(field(name));
      add(
          name,
          item -> Values.text(item.field(field)),
          new Edit.Whole(
              (item, text) -> set(item, field, new Value.Whole(ByteCount.of(name, text)))));
    }
    return this;
  }

  /** A set that can be looked into. */
  Attributes set(String name, String field, Trait... traits) {
    return set(name, field, "; ", new Edit.None(), word -> word, traits);
  }

  /** A set of an enum's values in the command line's own words. */
  Attributes set(String name, Words words) {
    return set(name, field(name), "; ", new Edit.None(), words::show);
  }

  /** The values of a map that can be looked into as a set: what is being done to an object. */
  Attributes operations(String name, Words words) {
    String field = checked(field(name));
    Function<Item, List<String>> members =
        item -> Values.map(item.field(field)).values().stream().map(words::show).toList();
    list.add(
        new Attribute(
            name,
            item -> String.join("; ", members.apply(item)),
            Optional.of(members),
            Optional.empty(),
            new Edit.None(),
            Set.of()));
    return this;
  }

  /** The tags, which are added and removed one by one. */
  Attributes tags() {
    return set(
        "tags",
        "tags",
        ", ",
        new Edit.Members(change("add_tags"), change("remove_tags"), Optional.empty()),
        word -> word);
  }

  /** A set whose members have messages of their own, and which can be set as a whole. */
  Attributes editSet(String name, String field) {
    Type<?> member = FieldText.memberType(type(field));
    Change whole =
        (item, text) ->
            set(
                item,
                field,
                new Value.Sequence(
                    (text.isEmpty() ? List.<String>of() : List.of(text.split(",", -1)))
                        .stream()
                            .map(one -> FieldInput.of(member, name, one, item.objects().api()))
                            .toList()));
    return set(
        name,
        field,
        "; ",
        new Edit.Members(
            member("add_" + field, member, name),
            member("remove_" + field, member, name),
            Optional.of(whole)),
        word -> word);
  }

  private Change member(String message, Type<?> member, String name) {
    return (item, text) ->
        item.objects()
            .api()
            .call(
                apiClass + "." + message,
                List.of(
                    new Value.Text(item.ref()),
                    FieldInput.of(member, name, text, item.objects().api())));
  }

  /** Maps that can be looked into. */
  Attributes map(String... names) {
    for (String name : names) {
      mapAs(name, field(name), new Edit.None());
    }
    return this;
  }

  /** A map under the field's own name. */
  Attributes mapAs(String name, String field) {
    return mapAs(name, field, new Edit.None());
  }

  /** Maps whose entries are set one by one. */
  Attributes editMap(String... names) {
    for (String name : names) {
      editMapAs(name, field(name));
    }
    return this;
  }

  /** A map under another name whose entries are set one by one. */
  Attributes editMapAs(String name, String field) {
    EntryChange add =
        (item, key, text) ->
            item.objects().api().call(apiClass + ".add_to_" + field, item.ref(), key, text);
    return mapAs(name, field, new Edit.Entries(add, change("remove_from_" + field)));
  }

  /** A map of settings, for each of which there is one message. */
  Attributes properties(String name) {
    EntryChange set =
        (item, key, text) ->
            item.objects().api().call(apiClass + ".set_property", item.ref(), key, text);
    return mapAs(name, field(name), new Edit.Properties(set));
  }

  private Attributes mapAs(String name, String field, Edit edit) {
    Type<?> type = type(field);
    Function<Item, Map<String, String>> entries =
        item -> FieldText.entries(type, item.field(field), item.objects());
    list.add(
        new Attribute(
            name,
            item -> FieldText.text(entries.apply(item)),
            Optional.empty(),
            Optional.of(entries),
            edit,
            Set.of()));
    return this;
  }

  private Attributes set(
      String name,
      String field,
      String separator,
      Edit edit,
      Function<String, String> word,
      Trait... traits) {
    Type<?> type = type(field);
    Function<Item, List<String>> members =
        item ->
            FieldText.members(type, item.field(field), item.objects()).stream().map(word).toList();
    list.add(
        new Attribute(
            name,
            item -> String.join(separator, members.apply(item)),
            Optional.of(members),
            Optional.empty(),
            edit,
            Set.of(traits)));
    return this;
  }

  private Attributes add(String name, Function<Item, String> text, Edit edit, Trait... traits) {
    list.add(new Attribute(name, text, Optional.empty(), Optional.empty(), edit, Set.of(traits)));
    return this;
  }

  private Change change(String message) {
    return (item, text) -> item.objects().api().call(apiClass + "." + message, item.ref(), text);
  }

  private void set(Item item, String field, Value value) {
    item.objects()
        .api()
        .call(apiClass + ".set_" + field, List.of(new Value.Text(item.ref()), value));
  }

  private static String text(Type<?> type, Item item, String field) {
    return FieldText.of(type, item.field(field), item.objects());
  }

  private static Optional<Map<String, Value>> related(
      Item item, ApiClass<?> other, String reference) {
    return item.objects().record(other.name(), Values.text(item.field(reference)));
  }

  private String checked(String field) {
    type(field);
    return field;
  }

  private String target(String field) {
    if (type(field) instanceof Type.Reference<?>(String target)) {
      return target;
    }
    throw new IllegalStateException(apiClass + "." + field + " refers to nothing");
  }

  private Type<?> type(String field) {
    return type(apiClass, field);
  }

  private static Type<?> type(ApiClass<?> apiClass, String field) {
    return apiClass
        .field(field)
        .<Type<?>>map(Field::type)
        .orElseThrow(() -> new IllegalStateException(apiClass + " has no field " + field));
  }

  private static String field(String name) {
    return name.replace('-', '_');
  }
}
