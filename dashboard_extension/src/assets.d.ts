declare module "@saleor/macaw-ui/style";
declare module "*.html?url" {
  const address: string;
  export default address;
}
