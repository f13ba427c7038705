package dev.nametag.abi.memory;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a method, or every method of a class but its constructors, neither allocates objects
 * nor throws, nor calls anything that does.
 *
 * <p>On the JVM it changes nothing. In a module such a method is compiled without what the garbage
 * collector and exceptions need, so that it runs about as fast as compiled C. The price: its null
 * references, indexes and casts are not checked, and it must not write references to objects, nor
 * touch a class that has still to be initialised.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface HeapFree {}
