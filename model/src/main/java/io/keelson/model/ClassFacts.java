package io.keelson.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the model says of a class.
 *
 * @param about what else one should know to use it
 * @param writer the least role that may set a field, or create and destroy, where nothing else is
 *     said
 * @param constructor how objects are made by create, where the class has one that is implicit
 */
public record ClassFacts(
    @JsonProperty("class") String name,
    String summary,
    Optional<String> about,
    Traits traits,
    String writer,
    Optional<Constructor> constructor,
    List<EnumFacts> enums,
    List<FieldFacts> fields,
    List<MessageFacts> messages) {

  public ClassFacts {
    enums = enums == null ? List.of() : enums;
    fields = fields == null ? List.of() : fields;
    messages = messages == null ? List.of() : messages;
  }

  /** What objects of the class have besides their fields. */
  public record Traits(
      boolean uuid,
      @JsonProperty("name_label") boolean nameLabel,
      @JsonProperty("get_all") boolean getAll,
      boolean events) {}

  /**
   * The implicit create.
   *
   * @param family of messages that handles create and destroy
   * @param destructor whether there is an implicit destroy
   * @param fields that create reads
   */
  public record Constructor(String family, boolean destructor, List<String> fields) {}

  /**
   * An enum.
   *
   * @param meanings what each value means, by how the wire spells it, in the reference's order
   */
  public record EnumFacts(String name, @JsonProperty("values") Map<String, String> meanings) {
    /** The values as the wire spells them. */
    public List<String> values() {
      return List.copyOf(meanings.keySet());
    }
  }
}
