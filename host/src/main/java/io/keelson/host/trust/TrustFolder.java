package io.keelson.host.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.host.Trust;
import io.keelson.host.TrustException;
import io.keelson.host.TrustException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates and revocation lists in files, {@code certificates/NAME.pem} and {@code
 * lists/NAME.pem}: whoever may write there may also put them there by hand.
 */
public final class TrustFolder implements Trust {
  private static final Logger LOG = LoggerFactory.getLogger(TrustFolder.class);

  private static final String ENDING = ".pem";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

  private final Path folder;
  private final ReentrantLock lock = new ReentrantLock();
  private final SortedMap<String, X509Certificate> certificates = new TreeMap<>();
  private final SortedMap<String, X509CRL> lists = new TreeMap<>();

  /** What connections are made with; absent until somebody asks. */
  private Optional<SSLContext> context = Optional.empty();

  private TrustFolder(Path folder) {
    this.folder = folder;
  }

  /** A folder that need not exist yet. What is damaged in it is told in the log. */
  public static TrustFolder open(Path folder) {
    TrustFolder opened = new TrustFolder(folder);
    opened.read().forEach(damage -> LOG.warn("{}", damage.getMessage()));
    return opened;
  }

  @Override
  public SSLContext context() {
    lock.lock();
    try {
      SSLContext current =
          context.orElseGet(() -> Believed.context(certificates.values(), lists.values()));
      context = Optional.of(current);
      return current;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<String> names(Kind kind) {
    lock.lock();
    try {
      return new TreeSet<>(table(kind).keySet());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void install(Kind kind, String name, String pem) {
    if (!NAME.matcher(name).matches()) {
      throw new TrustException(Reason.NAME_INVALID, kind, name);
    }
    lock.lock();
    try {
      if (table(kind).containsKey(name)) {
        throw new TrustException(Reason.ALREADY_EXISTS, kind, name);
      }
      write(place(kind), name + ENDING, parse(kind, name, pem));
      context = Optional.empty();
    } catch (IOException e) {
      table(kind).remove(name);
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void uninstall(Kind kind, String name) {
    lock.lock();
    try {
      if (!table(kind).containsKey(name)) {
        throw new TrustException(Reason.DOES_NOT_EXIST, kind, name);
      }
      Files.deleteIfExists(place(kind).resolve(name + ENDING));
      sync(place(kind));
      table(kind).remove(name);
      context = Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void reread() {
    read().stream()
        .findFirst()
        .ifPresent(damage -> {
          throw damage;
        });
  }

  private List<TrustException> read() {
    List<TrustException> damages = new ArrayList<>();
    lock.lock();
    try {
      for (Kind kind : Kind.values()) {
        table(kind).clear();
        for (Path file : files(kind)) {
          String fileName = file.getFileName().toString();
          String name = fileName.substring(0, fileName.length() - ENDING.length());
          try {
            parse(kind, name, Files.readString(file, UTF_8));
          } catch (TrustException e) {
            damages.add(e);
          } catch (IOException _) {
            damages.add(new TrustException(Reason.CORRUPT, kind, name));
          }
        }
      }
      context = Optional.empty();
      return damages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  private List<Path> files(Kind kind) throws IOException {
    Path place = place(kind);
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(place)) {
      return all.filter(file -> file.getFileName().toString().endsWith(ENDING)).sorted().toList();
    }
  }

  /** Notes what the text says, and gives it in the form in which it is kept. */
  private String parse(Kind kind, String name, String text) {
    try {
      return switch (kind) {
        case CERTIFICATE -> {
          X509Certificate certificate = Pem.certificate(text);
          certificates.put(name, certificate);
          yield Pem.text("CERTIFICATE", certificate.getEncoded());
        }
        case REVOCATION_LIST -> {
          X509CRL list = Pem.revocationList(text);
          lists.put(name, list);
          yield Pem.text("X509 CRL", list.getEncoded());
        }
      };
    } catch (GeneralSecurityException _) {
      throw new TrustException(Reason.CORRUPT, kind, name);
    }
  }

  private SortedMap<String, ?> table(Kind kind) {
    return switch (kind) {
      case CERTIFICATE -> certificates;
      case REVOCATION_LIST -> lists;
    };
  }

  private Path place(Kind kind) {
    return folder.resolve(
        switch (kind) {
          case CERTIFICATE -> "certificates";
          case REVOCATION_LIST -> "lists";
        });
  }

  private static void write(Path place, String name, String text) throws IOException {
    Files.createDirectories(place);
    Path draft = place.resolve(name + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(draft, place.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    sync(place);
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
