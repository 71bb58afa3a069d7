package io.keelson.conformance.derived;

import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Role;
import io.keelson.conformance.surface.Surface;

/** What the model alone says is to be measured. */
public final class Subjects {
  private Subjects() {}

  static Subject of(Message message) {
    return Subject.of(message.implicit() ? Kind.IMPLICIT : Kind.METHOD, message.wireName());
  }

  static Subject error(Message message, String code) {
    return Subject.of(Kind.ERROR, message.wireName() + " " + code);
  }

  /** A message as a role may or may not call it. */
  public static Subject role(Message message, Role role) {
    return Subject.of(Kind.ROLE, message.wireName() + " " + role.text());
  }

  /** Says all of it to the tally. */
  public static void expectAll(Surface surface, Tally tally) {
    for (Message message : surface.messages()) {
      tally.expect(of(message));
      message.errors().forEach(code -> tally.expect(error(message, code)));
      Refusals.errors(message).forEach(code -> tally.expect(error(message, code)));
      if (message.session()) {
        for (Role role : Role.values()) {
          tally.expect(role(message, role));
        }
      }
    }
    surface
        .classes()
        .forEach(c ->
            surface
                .fields(c.name())
                .forEach(f -> tally.expect(Subject.of(Kind.FIELD, c.name() + "." + f.name()))));
    surface.fieldsInNoRecord().forEach(name -> tally.expect(Subject.of(Kind.FIELD, name)));
  }

  /** Takes a removed message out, which the server says that it has removed. */
  static void withdraw(Message message, Tally tally) {
    tally.withdraw(of(message));
    message.errors().forEach(code -> tally.withdraw(error(message, code)));
    Refusals.errors(message).forEach(code -> tally.withdraw(error(message, code)));
    for (Role role : Role.values()) {
      tally.withdraw(role(message, role));
    }
  }
}
