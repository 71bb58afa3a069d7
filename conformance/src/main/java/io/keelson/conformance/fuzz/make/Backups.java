package io.keelson.conformance.fuzz.make;

import java.util.Optional;

/**
 * Backups of the server's own, most of them with something wrong.
 *
 * @param archive a character a byte; nothing where the server makes none
 */
public record Backups(String archive) {
  /** What a name in a request stands for, if it is that of a backup. */
  public Optional<String> named(String name) {
    String number =
        name.startsWith(FileCases.BACKUP) ? name.substring(FileCases.BACKUP.length()) : "";
    return number.matches("\\d{1,10}") ? Optional.of(of(Long.parseLong(number))) : Optional.empty();
  }

  private String of(long number) {
    Dice dice = new Dice(0, number);
    return dice.oneIn(12) ? archive : ArchiveMangling.of(archive, dice);
  }
}
