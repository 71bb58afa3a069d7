package io.keelson.testkit.box;

import io.keelson.store.codec.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test classes a server each, or one simulated server that many classes share, and shows the
 * end of a server's log when a test fails.
 */
public final class Servers implements ParameterResolver, AfterTestExecutionCallback {
  private static final Namespace NAMESPACE = Namespace.create(Servers.class);
  private static final int LINES_SHOWN = 60;

  /** A server that ends with the context that it was started in. */
  private record Kept(ServerBox box, Path folder) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      box.close();
      DurableFiles.removeTree(folder);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ServerBox.class;
  }

  @Override
  public ServerBox resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return kept(context).box();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      List<String> log = kept(context).box().log().lines().toList();
      System.err.println("--- the server's log before " + context.getDisplayName() + " failed:");
      log.stream().skip(Math.max(0, log.size() - LINES_SHOWN)).forEach(System.err::println);
    }
  }

  private static Kept kept(ExtensionContext context) {
    RunsOn wanted = context.getRequiredTestClass().getAnnotation(RunsOn.class);
    ExtensionContext owner = wanted.shared() ? context.getRoot() : topClass(context);
    return owner
        .getStore(NAMESPACE)
        .computeIfAbsent(wanted.toString(), _ -> start(wanted), Kept.class);
  }

  private static ExtensionContext topClass(ExtensionContext context) {
    ExtensionContext found = context;
    while (found.getParent().filter(p -> p.getTestClass().isPresent()).isPresent()) {
      found = found.getParent().orElseThrow();
    }
    return found;
  }

  private static Kept start(RunsOn wanted) {
    try {
      Path folder = Files.createTempDirectory("keelson");
      ServerBox box =
          wanted.hosts() > 0 ? ServerBox.simulated(folder, wanted.hosts()) : ServerBox.real(folder);
      Kept kept = new Kept(box, folder);
      box.start();
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
