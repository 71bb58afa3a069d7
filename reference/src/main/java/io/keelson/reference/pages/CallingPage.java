package io.keelson.reference.pages;

import io.keelson.conformance.recording.Example;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.surface.Surface;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import io.keelson.reference.examples.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What all calls have in common. */
final class CallingPage {
  private final Surface surface;
  private final Examples examples;
  private final List<Block> blocks = new ArrayList<>();

  CallingPage(Surface surface, Examples examples) {
    this.surface = surface;
    this.examples = examples;
  }

  Page page() {
    blocks.add(new Block.Lead("A call is an HTTP POST with a message's name and its parameters."));
    part("formats", "Two formats");
    say(
        words("JSON-RPC 2.0 (and 1.0) goes to "),
        Inline.code("/jsonrpc"),
        words(", XML-RPC to "),
        Inline.code("/"),
        words(
            ". They are equal; a session that one has opened is good in the other. The examples of each"
                + " message show both where the suite has called it in both. How values are written is in "),
        Inline.link(Links.TYPES, "types"),
        words("."));
    part("sessions", "Sessions");
    say(
        words(
            "Log in first. The result is a reference to a session, the first parameter of nearly every"
                + " other call; examples call it "),
        Inline.code("OpaqueRef:session-1"),
        words(". Log out when done."));
    show("session.login_with_password");
    part("parameters", "Parameters");
    say(
        words(
            "Parameters go by their order, not by name. Those with a value for when they are left out may"
                + " be missing at the end. Objects are named by references, which calls such as "),
        Inline.code("get_by_name_label"),
        words(" find."));
    show("VM.get_by_name_label");
    part("errors", "Errors");
    say(
        words("A call that fails answers with a code and parameters: in JSON-RPC as "),
        Inline.code("message"),
        words(" and "),
        Inline.code("data"),
        words(" of an error, in XML-RPC as "),
        Inline.code("ErrorDescription"),
        words(". All codes are under "),
        Inline.link(Links.ERRORS, "errors"),
        words(". A call that failed has changed nothing, unless it says otherwise."));
    refused().ifPresent(this::show);
    part("asynchronous", "Asynchronous calls");
    say(
        words("With "),
        Inline.code("Async."),
        words(" before its name a message answers at once, with a "),
        Inline.codeLink(Target.of("task"), "task"),
        words(
            " that tells how far the work is, and in the end"
                + " its result or error. Destroy the task when you have seen it. "),
        Inline.codeLink(new Target("task", "cancel"), "task.cancel"),
        words(" asks for the work to stop."));
    examples.all().stream()
        .filter(e -> e.message().startsWith("Async."))
        .findFirst()
        .ifPresent(this::show);
    part("events", "Events");
    say(
        Inline.codeLink(new Target("event", "from"), "event.from"),
        words(
            " waits until something changes, and answers with what has. Its token begins the next call,"
                + " so that nothing is missed; an empty one begins with all there is."));
    show("event.from");
    part("roles", "Roles");
    say(
        words("What you may call depends on your role; each message names the least one. See "),
        Inline.link(Links.ROLES, "roles"),
        words("."));
    part("marks", "Deprecated, removed, prototype");
    say(
        words(
            "What is marked as deprecated works, and there is something better. What is marked as"
                + " removed was taken out in the release named: some of it works here all the same,"
                + " the rest answers "),
        Links.error("MESSAGE_REMOVED"),
        words(". What is a prototype may change."));
    return new Page(Links.CALLING, "Calling the API", Page.Kind.GUIDE, blocks);
  }

  private void part(String anchor, String title) {
    blocks.add(Block.Heading.of(2, anchor, title));
  }

  private void say(Inline... content) {
    blocks.add(Block.Paragraph.of(content));
  }

  private static Inline words(String text) {
    return Inline.text(text);
  }

  private void show(String message) {
    Optional<Example> found = examples.of(message);
    found.ifPresent(this::show);
  }

  /** In JSON-RPC for all to see, in XML-RPC for those who want it. */
  private void show(Example example) {
    for (Format format : Format.values()) {
      Optional<Example.Pair> pair = example.in(format);
      List<Block> shown = pair.map(p -> ExampleParts.shown(format, p)).orElse(List.of());
      switch (format) {
        case JSON_RPC -> blocks.addAll(shown);
        case XML_RPC ->
            blocks.add(new Block.Folded("The same in " + ExampleParts.name(format), shown));
      }
    }
  }

  /** A call that one of its message's own errors refused. */
  private Optional<Example> refused() {
    return examples.all().stream().filter(e -> !e.success() && isOwnError(e)).findFirst();
  }

  private boolean isOwnError(Example example) {
    return example.pairs().size() == Format.values().length
        && example.pairs().entrySet().stream()
            .allMatch(pair ->
                pair.getKey().answer(pair.getValue().reply()) instanceof Answer.Failure failure
                    && surface
                        .message(example.message())
                        .filter(m -> m.errors().contains(failure.code()))
                        .isPresent());
  }
}
