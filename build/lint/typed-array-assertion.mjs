/**
 * ESLint rule: the `!` operator stands only behind an index into a typed array (style rule 29), whose elements are
 * never missing where the index is in range. Anywhere else it hides a value that can be missing.
 * @module
 */

const typedArray = /^(Uint8|Uint8Clamped|Int8|Uint16|Int16|Uint32|Int32|Float32|Float64|BigInt64|BigUint64)Array$/;

/** The rule `culvert/typed-array-assertion`. */
export const typedArrayAssertion = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      elsewhere: '`!` is only for an index into a typed array: handle undefined, or choose a type that excludes it',
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const isTypedArray = (node) => typedArray.test(services.getTypeAtLocation(node).getSymbol()?.getName() ?? '');
    return {
      TSNonNullExpression(node) {
        const { expression } = node;
        const isIndex = expression.type === 'MemberExpression' && expression.computed;
        if (!isIndex || !isTypedArray(expression.object)) context.report({ node, messageId: 'elsewhere' });
      },
    };
  },
};
