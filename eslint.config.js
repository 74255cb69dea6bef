import js from '@eslint/js'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['**/node_modules', 'build', 'data', 'src/generated'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Numbers in templates are the common case in messages about limits and counts.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Resolvers and transports share one asynchronous shape, also where one of them has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Nothing here uses `this`: what createX returns are closures, and their functions may be handed on.
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: 'error',
      'no-warning-comments': ['error', { terms: ['fixme', 'xxx'] }],
    },
  },
  {
    // What is made for each operation must not outlive it: V8 puts both of these in the old space, with all that they
    // close over, where only a full collection finds them again. It took half the processor time of small answers.
    files: ['src/{answers,events,filter,graphql,http,loaders,model,postgres,query,work}/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ObjectExpression > Property[kind="get"]',
          message:
            'Make it a function, or a getter of a class: each such object has a hidden class of its own',
        },
        {
          selector:
            'AssignmentExpression[left.type="MemberExpression"] > :matches(ArrowFunctionExpression, FunctionExpression).right',
          message:
            'Name the function first, then assign it: V8 takes it for a method and makes it in the old space',
        },
      ],
    },
  },
  {
    // The shape of an answer is that of the test's own query.
    files: ['test/**/*.ts', 'bench/**/*.ts', 'soak/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExpressionStatement > CallExpression[callee.name="expect"]',
          message: 'Without a matcher nothing is expected',
        },
        {
          selector: 'UnaryExpression[operator="void"] CallExpression[callee.name="expect"]',
          message: 'Nobody waits for this promise: what fails in it fails no test',
        },
        {
          selector:
            'CallExpression[callee.property.name="toThrow"][callee.object.property.name!="not"]:matches([arguments.length=0], [arguments.0.type="Identifier"][arguments.0.name=/Error$/])',
          message: 'Expect what it says, or its code, too: any bug throws some error',
        },
      ],
    },
  },
  {
    // What runs in browsers.
    files: ['src/http/pages/**/*.{js,jsx}'],
    languageOptions: {
      parserOptions: { ecmaFeatures: { jsx: true } },
      globals: Object.fromEntries(
        [
          ...['document', 'location', 'sessionStorage', 'addEventListener', 'removeEventListener'],
          ...['fetch', 'AbortController', 'AbortSignal', 'TextDecoderStream', 'crypto', 'Blob'],
          ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'URLSearchParams'],
          ...['scrollTo'],
        ].map(name => [name, 'readonly']),
      ),
    },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
  {
    files: ['**/*.js', '**/*.jsx', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
)
