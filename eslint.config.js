import js from '@eslint/js';
import globals from 'globals';

const effects = ['fetch', 'localStorage', 'sessionStorage', 'navigator', 'history', 'location'];

export default [
  js.configs.recommended,
  {
    files: ['qa/page/**/*.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: globals.browser },
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      // Text from the server reaches the page as text nodes only.
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'srcdoc'].map((property) => ({
          property,
          message: 'Text goes through element() as text nodes.',
        })),
      ],
      // Only effects.js touches what is outside the page.
      'no-restricted-globals': ['error', ...effects],
    },
  },
  { files: ['qa/page/effects.js'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['tests/browser/**/*.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: globals.node },
  },
];
