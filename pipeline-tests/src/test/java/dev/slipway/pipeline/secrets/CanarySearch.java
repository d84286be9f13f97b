package dev.slipway.pipeline.secrets;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Looks for all canaries at once, in each of their forms, in streams of any length; it looks into
 * archives of tar and gzip, and names the file in them.
 */
public final class CanarySearch {

  /** Shorter texts are not looked for. */
  static final int SHORTEST = 8;

  private static final int BUFFER = 1 << 20;
  private static final int FILTER_BITS = 18;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Map<Long, List<Needle>> needles = new HashMap<>();
  private final boolean[] filter = new boolean[1 << FILTER_BITS];
  private int longest;

  private record Needle(Canary canary, String form, String text) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * A canary where it was found.
   *
   * @param canary its name
   * @param form what had been done to it
   * @param place the file, or what else was searched
   */
  public record Finding(String canary, String form, String place) implements Comparable<Finding> {

    @Override
    public int compareTo(Finding other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return canary + " (" + form + ") in " + place;
    }
  }

  /** A search for these. */
  public CanarySearch(Collection<Canary> canaries) {
    for (Canary canary : canaries) {
      canary
          .forms()
          .forEach((form, texts) -> texts.forEach(text -> add(new Needle(canary, form, text))));
    }
  }

  private void add(Needle needle) {
    long beginning = ByteBuffer.wrap(needle.bytes()).getLong();
    needles.computeIfAbsent(beginning, any -> new ArrayList<>()).add(needle);
    filter[slot(beginning)] = true;
    longest = Math.max(longest, needle.bytes().length);
  }

  private static int slot(long beginning) {
    return (int) ((beginning * SPREAD) >>> (Long.SIZE - FILTER_BITS));
  }

  /** What is found in a text. */
  public SortedSet<Finding> in(String place, String text) {
    return in(place, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** What is found in a folder's files, or in a file; what vanishes meanwhile is left out. */
  public SortedSet<Finding> in(String place, Path root) {
    SortedSet<Finding> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream content = Files.newInputStream(file)) {
          found.addAll(in(place + ":" + file, content));
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is found in a stream, and in the archives in it. */
  public SortedSet<Finding> in(String place, InputStream stream) {
    SortedSet<Finding> found = new TreeSet<>();
    try {
      look(place, stream, found);
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(place + " cannot be searched", e);
    }
  }

  private void look(String place, InputStream stream, SortedSet<Finding> found) throws IOException {
    byte[] head = stream.readNBytes(TarEntries.BLOCK);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), stream);
    if (TarEntries.begin(head)) {
      TarEntries.read(whole, (name, content) -> look(place + ":" + name, content, found));
    } else if (head.length > 2 && head[0] == 0x1f && head[1] == (byte) 0x8b && head[2] == 8) {
      look(place, new GZIPInputStream(new BufferedInputStream(whole), BUFFER), found);
    } else {
      scan(place, whole, found);
    }
  }

  private void scan(String place, InputStream stream, SortedSet<Finding> found) throws IOException {
    byte[] buffer = new byte[BUFFER + longest];
    int kept = 0;
    while (true) {
      int read = stream.readNBytes(buffer, kept, BUFFER);
      int end = kept + read;
      boolean last = read < BUFFER;
      scan(place, buffer, last ? end : end - longest, end, found);
      if (last) {
        return;
      }
      kept = longest;
      System.arraycopy(buffer, end - longest, buffer, 0, kept);
    }
  }

  /** Looks for what begins before {@code limit} and ends before {@code end}. */
  private void scan(String place, byte[] buffer, int limit, int end, SortedSet<Finding> found) {
    long window = 0;
    for (int next = 0; next < end; next++) {
      window = (window << Byte.SIZE) | (buffer[next] & 0xff);
      int begin = next - Long.BYTES + 1;
      if (begin >= limit) {
        return;
      }
      if (begin >= 0 && filter[slot(window)]) {
        for (Needle needle : needles.getOrDefault(window, List.of())) {
          byte[] bytes = needle.bytes();
          int to = begin + bytes.length;
          if (to <= end && Arrays.equals(buffer, begin, to, bytes, 0, bytes.length)) {
            found.add(new Finding(needle.canary().name(), needle.form(), place));
          }
        }
      }
    }
  }
}
