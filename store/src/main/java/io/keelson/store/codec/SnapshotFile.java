package io.keelson.store.codec;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.store.ObjectId;
import io.keelson.store.Row;
import io.keelson.store.StoreException;
import io.keelson.store.table.ClassSchema;
import io.keelson.store.table.State;
import io.keelson.store.table.StateEditor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All objects and the removals remembered, as a file. */
public final class SnapshotFile {
  private static final int FORMAT = 2;
  private static final int BLOCK = 1 << 18;
  private static final int END = 0;
  private static final int CLASS = 1;
  private static final int OBJECT = 2;
  private static final int REMOVAL = 3;

  private final StoredModel model;

  public SnapshotFile(StoredModel model) {
    this.model = model;
  }

  /**
   * What a snapshot holds.
   *
   * @param forgotten number of the newest removal that is no longer remembered
   */
  public record Content(State state, List<Removal> removals, long forgotten) {}

  /** Writes a file, durable under its name when this returns. */
  public void write(Path file, Content content) throws IOException {
    BinaryWriter out = new BinaryWriter();
    out.number(FORMAT);
    out.number(model.version());
    out.number(content.state().generation());
    out.number(content.forgotten());
    try (BlockFile.Writer blocks = new BlockFile.Writer(file)) {
      for (ClassSchema<?> of : model.schema().classes()) {
        writeClass(of, content.state(), out, blocks);
      }
      for (Removal removal : content.removals()) {
        out.number(REMOVAL);
        out.name(removal.id().apiClass().name());
        out.text(removal.id().ref().text());
        out.number(removal.created());
        out.number(removal.removed());
        flush(out, blocks, BLOCK);
      }
      out.number(END);
      flush(out, blocks, 0);
      blocks.finish();
    }
  }

  private static void flush(BinaryWriter out, BlockFile.Writer blocks, int above)
      throws IOException {
    if (out.size() > above) {
      blocks.block(out.take());
    }
  }

  private static <R extends ApiRecord> void writeClass(
      ClassSchema<R> of, State state, BinaryWriter out, BlockFile.Writer blocks)
      throws IOException {
    out.number(CLASS);
    out.name(of.apiClass().name());
    for (Row<R> row : (Iterable<Row<R>>) state.rows(of.apiClass())::iterator) {
      out.number(OBJECT);
      out.text(row.ref().text());
      out.number(row.created());
      out.number(row.modified());
      EntryCodec.fields(of, row.record(), out);
      flush(out, blocks, BLOCK);
    }
  }

  /** Reads a file through and says whether its bytes are those that were written. */
  public static void verify(Path file) throws IOException {
    BlockFile.Reader blocks = new BlockFile.Reader(file);
    boolean more = true;
    while (more) {
      more = blocks.block().isPresent();
    }
  }

  /**
   * Reads a file.
   *
   * @throws StoreException when it is damaged, naming file and offset, or from another program
   */
  public Content read(Path file) throws IOException {
    return read(file, true);
  }

  /** {@link #read} of a file whose references may name nothing, to find out which. */
  public Content readAsFound(Path file) throws IOException {
    return read(file, false);
  }

  private Content read(Path file, boolean whole) throws IOException {
    try {
      return new Reading(new BlockFile.Reader(file)).content(whole);
    } catch (MalformedException e) {
      throw new StoreException(file + " cannot be understood: " + e.getMessage(), e);
    }
  }

  /** One reading of a file. */
  private final class Reading {
    private final BlockFile.Reader blocks;
    private final BinaryReader in = new BinaryReader(ByteBuffer.allocate(0));
    private final List<Removal> removals = new ArrayList<>();
    private String className = "";
    private int version;

    Reading(BlockFile.Reader blocks) {
      this.blocks = blocks;
    }

    Content content(boolean whole) {
      more();
      long format = in.number();
      if (format != FORMAT) {
        throw new MalformedException("a snapshot of format " + format);
      }
      version = in.count();
      StateEditor editor = StateEditor.restoring(in.number());
      long forgotten = in.number();
      for (int kind = next(); kind != END; kind = next()) {
        switch (kind) {
          case CLASS -> className = in.name();
          case OBJECT -> readObject(editor);
          case REMOVAL -> readRemoval();
          default -> throw new MalformedException("no such part of a snapshot: " + kind);
        }
      }
      if (!in.isEmpty() || blocks.block().isPresent()) {
        throw new MalformedException("more after the end");
      }
      if (whole) {
        editor.check();
      }
      return new Content(editor.build(), removals, forgotten);
    }

    private void more() {
      in.refill(blocks.block().orElseThrow(() -> new MalformedException("no end")));
    }

    private int next() {
      if (in.isEmpty()) {
        more();
      }
      return in.count();
    }

    private void readObject(StateEditor editor) {
      String ref = in.text();
      long created = in.number();
      long modified = in.number();
      model
          .upgraded(version, new RawObject(className, EntryCodec.fields(in)))
          .ifPresent(
              raw -> restore(editor, model.classOf(raw.apiClass()), ref, created, modified, raw));
    }

    private <R extends ApiRecord> void restore(
        StateEditor editor,
        ClassSchema<R> of,
        String ref,
        long created,
        long modified,
        RawObject raw) {
      R record = model.record(of, raw.fields());
      editor.restore(of.apiClass(), new Ref<R>(ref), record, created, modified);
    }

    private void readRemoval() {
      String name = in.name();
      String ref = in.text();
      long created = in.number();
      long removed = in.number();
      Optional<RawObject> raw = model.upgraded(version, new RawObject(name, Map.of()));
      raw.map(r -> id(model.classOf(r.apiClass()).apiClass(), ref))
          .ifPresent(id -> removals.add(new Removal(id, created, removed)));
    }

    private static <R extends ApiRecord> ObjectId<R> id(ApiClass<R> apiClass, String ref) {
      return new ObjectId<>(apiClass, new Ref<R>(ref));
    }
  }
}
