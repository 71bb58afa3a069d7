package io.keelson.codegen;

import io.keelson.model.ClassFacts;
import io.keelson.model.MessageFacts;
import io.keelson.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The messages that one handler interface takes. */
record Family(String name, String apiClass, List<FamilyMessage> messages) {

  /** All families, in the model's order. */
  static List<Family> of(Model model) {
    List<Family> families = new ArrayList<>();
    for (ClassFacts facts : model.classes()) {
      Map<String, List<FamilyMessage>> byName = new LinkedHashMap<>();
      facts
          .constructor()
          .ifPresent(c -> {
            List<FamilyMessage> implicit =
                byName.computeIfAbsent(c.family(), _ -> new ArrayList<>());
            implicit.add(FamilyMessage.create(facts));
            if (c.destructor()) {
              implicit.add(FamilyMessage.destroy(facts));
            }
          });
      for (MessageFacts message : facts.messages()) {
        byName
            .computeIfAbsent(message.family(), _ -> new ArrayList<>())
            .add(FamilyMessage.explicit(message));
      }
      byName.forEach((name, messages) -> families.add(new Family(name, facts.name(), messages)));
    }
    return families;
  }
}
