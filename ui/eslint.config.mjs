import angular from 'angular-eslint';
import tseslint from 'typescript-eslint';

// Attributes that no person reads.
const NOT_TEXT = [
  'data-testid',
  'scope',
  'transform',
  'preserveAspectRatio',
  'd',
  'aria-live',
  'ariaCurrentWhenActive',
  'inputmode',
  'list',
  'points',
  'fConnectorType',
  'fType',
  'fTargetSide',
  'fSourceSide',
  'fBehavior',
  'aria-labelledby',
  'method',
  'shape-rendering',
  'accept',
  'data-hold',
  'vector-effect',
];

export default tseslint.config(
  { ignores: ['dist', 'src/vendor', '.angular'] },
  {
    files: ['src/**/*.ts'],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic, ...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'jb', style: 'kebab-case' }],
      '@typescript-eslint/no-extraneous-class': 'off', // Components are classes, also those without members.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/app/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
    rules: {
      // A text that is not marked would stay English in every language.
      '@angular-eslint/template/i18n': [
        'error',
        {
          checkId: false,
          boundTextAllowedPattern: '^[\\s\\d·•:;,.()/%×✕‹›*–-]*(B|/s)?$',
          ignoreAttributes: [...NOT_TEXT],
        },
      ],
    },
  },
);
