package io.keelson.control.metrics.rrd;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32C;

/** The file that an {@link Rrd} is kept in: numbers in order, and a checksum behind them. */
public final class RrdFile {
  private static final int MAGIC = 0x4b525231; // KRR1
  private static final int CHECKSUM_BYTES = 4;
  private static final int MOST_ARCHIVES = 64;
  private static final int MOST_ROWS = 100_000;

  private RrdFile() {}

  static byte[] write(
      List<Resolution> resolutions,
      SequencedMap<String, Column> columns,
      Map<String, Boolean> choices,
      double lastUpdate) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(MAGIC);
      out.writeDouble(lastUpdate);
      out.writeInt(choices.size());
      for (Map.Entry<String, Boolean> choice : choices.entrySet()) {
        out.writeUTF(choice.getKey());
        out.writeBoolean(choice.getValue());
      }
      out.writeInt(resolutions.size());
      for (Resolution resolution : resolutions) {
        out.writeUTF(resolution.consolidation().name());
        out.writeInt(resolution.steps());
        out.writeInt(resolution.rows());
        out.writeDouble(resolution.unknownShare());
      }
      write(columns.values(), out);
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(Collection<Column> columns, DataOutputStream out) throws IOException {
    out.writeInt(columns.size());
    for (Column column : columns) {
      DataSource source = column.source();
      out.writeUTF(source.name());
      out.writeUTF(source.description());
      out.writeUTF(source.units());
      out.writeUTF(source.kind().name());
      out.writeDouble(source.min());
      out.writeDouble(source.max());
      out.writeBoolean(source.standard());
      out.writeDouble(column.lastRaw());
      out.writeDouble(column.gathered());
      out.writeDouble(column.unknownSeconds());
      for (Series series : column.series()) {
        out.writeDouble(series.gathered());
        out.writeInt(series.known());
        out.writeInt(series.unknown());
        out.writeInt(series.rows().size());
        for (int age = series.rows().size() - 1; age >= 0; age--) {
          out.writeDouble(series.rows().get(age));
        }
      }
    }
  }

  /**
   * @throws IOException when the bytes are not what {@link Rrd#bytes} gave
   */
  public static Rrd read(byte[] bytes) throws IOException {
    int length = bytes.length - CHECKSUM_BYTES;
    if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != checksum(bytes, length)) {
      throw new IOException("a damaged archive");
    }
    try {
      return read(new DataInputStream(new ByteArrayInputStream(bytes, 0, length)), length);
    } catch (IllegalArgumentException e) {
      throw new IOException("an archive with a word that is not known", e);
    }
  }

  private static Rrd read(DataInputStream in, int length) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("an archive of another version");
    }
    double lastUpdate = in.readDouble();
    Map<String, Boolean> choices = new HashMap<>();
    int choiceCount = atMost(in.readInt(), length);
    for (int i = 0; i < choiceCount; i++) {
      choices.put(in.readUTF(), in.readBoolean());
    }
    List<Resolution> resolutions = new ArrayList<>();
    int resolutionCount = atMost(in.readInt(), MOST_ARCHIVES);
    for (int i = 0; i < resolutionCount; i++) {
      Consolidation consolidation = Consolidation.valueOf(in.readUTF());
      resolutions.add(
          new Resolution(
              consolidation,
              Math.max(1, in.readInt()),
              Math.max(1, atMost(in.readInt(), MOST_ROWS)),
              in.readDouble()));
    }
    SequencedMap<String, Column> columns = new LinkedHashMap<>();
    int columnCount = atMost(in.readInt(), length);
    for (int i = 0; i < columnCount; i++) {
      Column column = column(in, resolutions);
      columns.put(column.source().name(), column);
    }
    return new Rrd(resolutions, columns, choices, lastUpdate);
  }

  private static Column column(DataInputStream in, List<Resolution> resolutions)
      throws IOException {
    DataSource source =
        new DataSource(
            in.readUTF(),
            in.readUTF(),
            in.readUTF(),
            DataSource.Kind.valueOf(in.readUTF()),
            in.readDouble(),
            in.readDouble(),
            in.readBoolean());
    double lastRaw = in.readDouble();
    double gathered = in.readDouble();
    double unknownSeconds = in.readDouble();
    List<Series> series = new ArrayList<>();
    for (Resolution resolution : resolutions) {
      series.add(series(in, resolution));
    }
    return new Column(source, series, lastRaw, gathered, unknownSeconds);
  }

  private static Series series(DataInputStream in, Resolution resolution) throws IOException {
    double gathered = in.readDouble();
    int known = atMost(in.readInt(), resolution.steps());
    int unknown = atMost(in.readInt(), resolution.steps() - known);
    int size = atMost(in.readInt(), resolution.rows());
    Ring rows = new Ring(resolution.rows());
    for (int i = 0; i < size; i++) {
      rows.add(in.readDouble());
    }
    return new Series(resolution, rows, gathered, known, unknown);
  }

  private static int atMost(int number, int most) throws IOException {
    if (number < 0 || number > most) {
      throw new IOException("an archive with a number out of its range");
    }
    return number;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
