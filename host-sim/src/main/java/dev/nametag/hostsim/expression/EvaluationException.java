package dev.nametag.hostsim.expression;

/**
 * An error that stands in a value's place, such as that of a name that is not there: {@code ||} and
 * {@code &&} get over it.
 */
final class EvaluationException extends RuntimeException {

  EvaluationException(String message) {
    super(message, null, false, false);
  }

  /**
   * No function of that name takes such arguments. Source: cel-cpp CreateNoMatchingOverloadError.
   */
  static EvaluationException noOverload(String function) {
    return new EvaluationException("No matching overloads found : " + function);
  }
}
