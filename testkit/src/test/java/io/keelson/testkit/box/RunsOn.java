package io.keelson.testkit.box;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server that a test class is given. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Servers.class)
public @interface RunsOn {
  /** How many hosts are simulated; none for real virtual machines. */
  int hosts();

  /** Whether other classes with the same wish get the same server. */
  boolean shared() default true;
}
